"""Vultus over HTTP: the same galleries and the same questions, answered by a server.

`Client` is where to begin. It gives the values and raises the errors that the library does.
"""

from vultus.client.administration import ServerAdministration
from vultus.client.client import Client
from vultus.client.galleries import ServerGalleries
from vultus.client.gallery import ServerGallery
from vultus.client.values import (
    CheckedIndex,
    EnrolledFace,
    Identification,
    IdentifiedFace,
    Imported,
    IndexCheck,
    IndexStatus,
    Purged,
    SubjectVerification,
    TemplateUpdate,
    Threshold,
    Verification,
)

__all__ = [
    "CheckedIndex",
    "Client",
    "EnrolledFace",
    "Identification",
    "IdentifiedFace",
    "Imported",
    "IndexCheck",
    "IndexStatus",
    "Purged",
    "ServerAdministration",
    "ServerGalleries",
    "ServerGallery",
    "SubjectVerification",
    "TemplateUpdate",
    "Threshold",
    "Verification",
]
