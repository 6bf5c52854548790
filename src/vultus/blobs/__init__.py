"""Bytes by name: crops, archives, model files. One port, a place per file."""
