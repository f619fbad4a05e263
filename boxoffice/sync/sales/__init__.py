"""Sales on their way to the site: `seller` begins and settles them, `workflow` is the way of one.

`rules` decide where a sale goes, `order_search` finds its order and tickets, `fulfilment` checks
them in.
"""
