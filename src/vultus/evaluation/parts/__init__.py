"""Results of the protocols, put into words and pictures: the parts of a report."""
