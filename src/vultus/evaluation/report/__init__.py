"""What came of an evaluation: as values, as JSON, and as a page to read."""
