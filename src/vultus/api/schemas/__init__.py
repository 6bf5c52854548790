"""What goes in and out of `/v1`, as JSON."""
