"""What a user wants done: faces, verify, identify. Each joins vision, matching and models."""
