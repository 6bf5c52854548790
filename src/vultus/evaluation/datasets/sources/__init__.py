"""What datasets are made of: a folder, a list in a CSV file, a copy of LFW, a gallery."""
