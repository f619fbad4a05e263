"""What the sale screen, the outcome of a sale and the queue say of sales."""
