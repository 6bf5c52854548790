"""The store: what is enrolled, in one place, for good."""
