"""Thresholds, error rates and probabilities, fitted to photos of known people."""
