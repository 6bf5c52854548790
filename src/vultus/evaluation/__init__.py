"""How sure the answers are: data, measurements, reports, calibration and thresholds."""
