"""Galleries in a file, to be carried to another store."""
