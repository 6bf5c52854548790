"""`vultus evaluate`: how often a model is right, and how sure that is."""
