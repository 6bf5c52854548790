"""What is wrong with a dataset: images, faces, labels, splits."""
