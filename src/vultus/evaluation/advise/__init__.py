"""Which threshold a gallery should have, and what it costs."""
