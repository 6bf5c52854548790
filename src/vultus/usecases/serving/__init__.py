"""What a process needs that serves others for a long time."""
