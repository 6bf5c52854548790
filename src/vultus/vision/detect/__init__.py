"""Finding faces: one port, a detector per file."""
