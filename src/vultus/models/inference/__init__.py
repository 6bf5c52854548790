"""Networks that run: one port, and the engines behind it."""
