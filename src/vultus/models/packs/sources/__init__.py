"""Where files come from: one port, an adapter per scheme."""
