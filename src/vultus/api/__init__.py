"""The service: `/v1` over HTTP. Shells over the use cases, and nothing that decides."""
