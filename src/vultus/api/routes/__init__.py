"""Routes of `/v1`: each parses, calls one use case, and gives a shape."""

from vultus.api.routes import (
    administration,
    archives,
    faces,
    galleries,
    health,
    identification,
    merges,
    recognition,
    subjects,
    upkeep,
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
    archives.router,
    upkeep.router,
    administration.router,
)
