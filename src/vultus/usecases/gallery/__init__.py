"""What a user wants done with subjects that stay: enroll, identify, browse, curate, carry away."""
