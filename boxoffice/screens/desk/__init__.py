"""The organiser's desk: lists and forms made from the models, and what will be different."""
