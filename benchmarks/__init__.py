"""Measurements, a file per question. Each writes JSON into `results/` and asserts nothing.

`python -m benchmarks` runs them all; `python -m benchmarks.detection_1080p --help` tells of one.
"""
