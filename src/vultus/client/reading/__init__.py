"""JSON of a server → values. What is missing or wrong raises KeyError, TypeError or ValueError."""
