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

# A request is compared with one after the other: what is asked most often comes first.
ROUTERS = (
    identification.router,
    recognition.router,
    faces.router,
    subjects.router,
    galleries.router,
    health.router,
    faces.small,
    merges.router,
    archives.router,
    upkeep.router,
    administration.router,
)
