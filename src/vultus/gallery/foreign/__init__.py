"""Galleries of other systems, from which people are brought in."""
