"""From aligned chips to templates: one port, and the network behind it."""
