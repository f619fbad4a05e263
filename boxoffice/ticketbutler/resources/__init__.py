"""The kinds of things at a site: one module each, with its one model and its calls."""
