"""CompreFace's REST API: what its clients call, and what they read from the answers."""
