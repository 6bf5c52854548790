"""Templates of a dataset's images, made once."""
