"""Settings → wired use cases. The only folder that names adapters."""
