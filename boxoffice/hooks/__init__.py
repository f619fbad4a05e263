"""Webhooks at this end: where they are received, and how the site is told of it.

Whatever comes may come from anybody: it is bounded in every way, and only a hint of what to read.
`listener` brings a web server along, and is imported only where webhooks are asked for.
"""
