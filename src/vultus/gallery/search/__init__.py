"""Searching a gallery: one port, an index per file."""
