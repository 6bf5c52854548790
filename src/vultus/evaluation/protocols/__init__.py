"""What is compared with what: pairs, everybody with everybody, searches."""
