"""The pictures in the README, and what makes them from the running app."""
