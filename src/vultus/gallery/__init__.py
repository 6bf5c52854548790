"""Subjects that stay: the store that is the truth, and the searches that follow it."""
