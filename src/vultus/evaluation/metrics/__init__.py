"""Figures of recognition, from scores to rates with intervals. `docs/metrics.md` explains each."""
