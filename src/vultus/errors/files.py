"""Files on their way into or out of a gallery."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class GalleryFileError(VultusError):
    """A file on its way into or out of a gallery."""

    code = "gallery_file_error"


@dataclass(eq=False)
class PhotosUnreadable(GalleryFileError):
    """A folder, ZIP file or list of photos that gives none."""

    code = "photos_unreadable"
    sentence = "No photos can be taken from {path}: {problem}."
    path: str
    problem: str


@dataclass(eq=False)
class TemplatesUnreadable(GalleryFileError):
    """A file that gives no ready templates."""

    code = "templates_unreadable"
    sentence = "No templates can be taken from {path}: {problem}. Make one with vultus embed --npz."
    path: str
    problem: str


@dataclass(eq=False)
class ArchiveUnwritable(GalleryFileError):
    """An archive cannot be written where it was wanted."""

    code = "archive_unwritable"
    sentence = "The archive {path} cannot be written: {problem}. Nothing of it was kept."
    path: str
    problem: str


@dataclass(eq=False)
class ArchiveInvalid(GalleryFileError):
    """No archive of a gallery, or a damaged one."""

    code = "archive_invalid"
    sentence = "The archive {path} cannot be read: {problem}."
    path: str
    problem: str


@dataclass(eq=False)
class ArchiveTooNew(GalleryFileError):
    """A newer Vultus wrote the archive."""

    code = "archive_too_new"
    sentence = (
        "The archive {path} has format {version}, and this Vultus reads up to {newest}. "
        "Install a newer Vultus."
    )
    path: str
    version: int
    newest: int
