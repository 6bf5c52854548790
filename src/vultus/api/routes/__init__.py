"""Routes of `/v1`: each parses, calls one use case, and gives a shape."""

from vultus.api.routes import (
    administration,
    faces,
    galleries,
    health,
    identification,
    merges,
    recognition,
    subjects,
)

ROUTERS = (
    health.router,
    recognition.router,
    galleries.router,
    subjects.router,
    faces.router,
    faces.small,
    merges.router,
    identification.router,
    administration.router,
)
