"""`vultus data`: photos of known people to measure on."""
