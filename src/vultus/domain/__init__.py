"""Values of face recognition: numpy and the standard library only."""
