"""One migration per file, named by its revision and what it does."""
