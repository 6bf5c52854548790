"""Vultus: face recognition that says how sure it is.

`vultus.load()` gives a `Recognizer`, which finds faces, verifies and identifies people;
`vultus.open_gallery()` an `OpenGallery`, whose subjects stay. `vultus.client.Client` gives the same
of a server.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vultus.bootstrap.galleries import open_galleries, open_gallery
    from vultus.bootstrap.recognizer import load
    from vultus.domain.candidate import Candidate
    from vultus.domain.changes import NewSubject, SubjectChange
    from vultus.domain.face import AssessedFace, Box, Detection, Face, Landmarks, Quality
    from vultus.domain.gallery import (
        Duplicate,
        Enrollment,
        Gallery,
        GalleryCounts,
        GalleryFace,
        Merge,
    )
    from vultus.domain.image import Image
    from vultus.domain.outcome import AlreadyThere, Enrolled, Refused
    from vultus.domain.page import Page
    from vultus.domain.subject import Subject
    from vultus.domain.template import ModelId, Template
    from vultus.errors import VultusError
    from vultus.matching.policy import Decision, Policy
    from vultus.matching.thresholds import Threshold
    from vultus.settings import Settings, load_settings
    from vultus.usecases.gallery.galleries import Galleries
    from vultus.usecases.gallery.opened import OpenGallery
    from vultus.usecases.gallery.photos import Photo
    from vultus.usecases.gallery.update import TemplateUpdate
    from vultus.usecases.gallery.verify import SubjectVerification
    from vultus.usecases.identification import Identification, IdentifiedFace
    from vultus.usecases.recognizer import People, Recognizer
    from vultus.usecases.verify import Verification

__version__ = "0.1.0"

__all__ = [
    "AlreadyThere",
    "AssessedFace",
    "Box",
    "Candidate",
    "Decision",
    "Detection",
    "Duplicate",
    "Enrolled",
    "Enrollment",
    "Face",
    "Galleries",
    "Gallery",
    "GalleryCounts",
    "GalleryFace",
    "Identification",
    "IdentifiedFace",
    "Image",
    "Landmarks",
    "Merge",
    "ModelId",
    "NewSubject",
    "OpenGallery",
    "Page",
    "People",
    "Photo",
    "Policy",
    "Quality",
    "Recognizer",
    "Refused",
    "Settings",
    "Subject",
    "SubjectChange",
    "SubjectVerification",
    "Template",
    "TemplateUpdate",
    "Threshold",
    "Verification",
    "VultusError",
    "load",
    "load_settings",
    "open_galleries",
    "open_gallery",
]

_HOMES = {
    "vultus.bootstrap.galleries": ["open_galleries", "open_gallery"],
    "vultus.bootstrap.recognizer": ["load"],
    "vultus.domain.candidate": ["Candidate"],
    "vultus.domain.changes": ["NewSubject", "SubjectChange"],
    "vultus.domain.face": ["AssessedFace", "Box", "Detection", "Face", "Landmarks", "Quality"],
    "vultus.domain.gallery": [
        "Duplicate",
        "Enrollment",
        "Gallery",
        "GalleryCounts",
        "GalleryFace",
        "Merge",
    ],
    "vultus.domain.image": ["Image"],
    "vultus.domain.outcome": ["AlreadyThere", "Enrolled", "Refused"],
    "vultus.domain.page": ["Page"],
    "vultus.domain.subject": ["Subject"],
    "vultus.domain.template": ["ModelId", "Template"],
    "vultus.errors": ["VultusError"],
    "vultus.matching.policy": ["Decision", "Policy"],
    "vultus.matching.thresholds": ["Threshold"],
    "vultus.settings": ["Settings", "load_settings"],
    "vultus.usecases.gallery.galleries": ["Galleries"],
    "vultus.usecases.gallery.opened": ["OpenGallery"],
    "vultus.usecases.gallery.photos": ["Photo"],
    "vultus.usecases.gallery.update": ["TemplateUpdate"],
    "vultus.usecases.gallery.verify": ["SubjectVerification"],
    "vultus.usecases.identification": ["Identification", "IdentifiedFace"],
    "vultus.usecases.recognizer": ["People", "Recognizer"],
    "vultus.usecases.verify": ["Verification"],
}


def __getattr__(name: str) -> Any:
    # Importing `vultus` costs nothing; a name is fetched from its home when it is first used.
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'vultus' has no attribute {name!r}")
