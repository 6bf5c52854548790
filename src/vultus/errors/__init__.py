"""Every error Vultus raises on purpose.

    VultusError
    ├── InvalidValue                a value that cannot be what its name says
    ├── SettingInvalid              a setting is wrong
    ├── ImageRefused                bytes that do not become an image
    │   ├── ImageTooHeavy           more bytes than allowed
    │   ├── ImageTooLarge           more pixels than allowed
    │   ├── ImageSideTooLong        one side longer than allowed
    │   ├── TooManyFrames           an animation with more frames than allowed
    │   ├── UnsupportedImage        not one of the kinds that are read
    │   ├── BrokenImage             the right kind, but damaged
    │   └── ImageNotFound           no such file, or it cannot be read
    ├── NoFace, SeveralFaces        one face was asked for
    ├── NoPeople                    nobody to compare with
    ├── ModelMismatch               templates of two models were compared
    ├── ThresholdMissing            nobody said which similarity is enough
    ├── PackError                   a model pack cannot be used
    │   ├── PackNotFound            no pack of that name
    │   ├── NotAPack                a directory without a manifest
    │   ├── PackNotInstalled        known, but its files are not here
    │   ├── PackInvalid             its manifest is wrong, and where
    │   ├── PackDamaged             a file is not the one the manifest names
    │   ├── PackExists              a pack of that name is already there
    │   ├── LibraryUnwritable       packs cannot be kept on this machine
    │   ├── ImportFailed            a foreign model file could not be converted
    │   └── ProofFailed             a built network does not compute what it should
    ├── SourceError                 a file could not be obtained
    │   ├── SourceInvalid           the address itself is wrong
    │   ├── SourceUnavailable       nobody answered, or answered no
    │   └── DigestMismatch          something answered, but not with the promised bytes
    ├── InferenceError              a network cannot run
    │   ├── ProviderUnavailable     the wanted accelerator is not there
    │   ├── NetworkInvalid          not a network that can be loaded
    │   └── TensorMismatch          the input is not what the network takes
    ├── GalleryError                a gallery cannot do what was asked
    │   ├── GalleryNotFound, GalleryExists
    │   ├── SubjectNotFound, FaceNotFound
    │   ├── SubjectAmbiguous        several subjects answer to what was said
    │   ├── SubjectWithoutFaces     a subject that nothing can be compared with
    │   ├── GalleryModelMismatch    the pack at hand did not make the gallery's templates
    │   ├── ExternalIdTaken         another subject has that external id
    │   ├── VersionConflict         somebody else changed the subject first
    │   ├── TemplateSizeMismatch    a template has more or fewer numbers than the gallery's
    │   ├── InvalidMerge            subjects that cannot be merged
    │   ├── MergeNotFound           no such merge, or too long ago
    │   ├── MergeNotUndoable        a merge that can be taken back no more
    │   └── RevisionPurged          an index cannot follow its gallery from there
    ├── EnrollmentRefused           a photo that does not become a face of a subject
    │   ├── FaceNotAtBox            the face meant is not where it should be
    │   ├── PoorQuality             too poor a picture of the face
    │   └── LooksLikeAnother        another subject looks like that
    ├── GalleryFileError            a file on its way into or out of a gallery
    │   ├── PhotosUnreadable        a folder, ZIP file or list of photos
    │   ├── TemplatesUnreadable     a file of ready templates
    │   ├── ArchiveUnwritable       an archive cannot be written there
    │   ├── ArchiveInvalid          no archive of a gallery, or a damaged one
    │   └── ArchiveTooNew           a newer Vultus wrote it
    ├── StoreError                  the store itself cannot be used
    │   ├── StoreUnavailable        nobody answers, or there is no such database
    │   ├── StoreBusy               others held it for too long
    │   ├── StoreReadOnly           it can be read and not written
    │   ├── StoreFull               no room is left
    │   ├── StoreDamaged            what is in it makes no sense
    │   ├── StoreTooNew             a newer Vultus wrote it
    │   └── StoreUnsuitable         the database lacks something that is needed
    ├── SearchError                 a search cannot be done
    │   ├── SearchUnavailable       the server that searches does not answer, or answers no
    │   └── SnapshotUnusable        a saved index is not to be trusted
    └── BlobError                   bytes cannot be kept
        ├── BlobNotFound            no blob of that name
        └── BlobsUnavailable        the place of all blobs cannot be used

Each class states its facts as fields, has a stable `code` for programs, and a sentence that says
what happened, to what, and what to do. None knows HTTP: one table in the API gives statuses.
"""

from vultus.errors.base import InvalidValue, SettingInvalid, VultusError
from vultus.errors.blobs import BlobError, BlobNotFound, BlobsUnavailable
from vultus.errors.enrollment import EnrollmentRefused, FaceNotAtBox, LooksLikeAnother, PoorQuality
from vultus.errors.files import (
    ArchiveInvalid,
    ArchiveTooNew,
    ArchiveUnwritable,
    GalleryFileError,
    PhotosUnreadable,
    TemplatesUnreadable,
)
from vultus.errors.gallery import (
    ExternalIdTaken,
    FaceNotFound,
    GalleryError,
    GalleryExists,
    GalleryModelMismatch,
    GalleryNotFound,
    InvalidMerge,
    MergeNotFound,
    MergeNotUndoable,
    RevisionPurged,
    SubjectAmbiguous,
    SubjectNotFound,
    SubjectWithoutFaces,
    TemplateSizeMismatch,
    VersionConflict,
)
from vultus.errors.images import (
    BrokenImage,
    ImageNotFound,
    ImageRefused,
    ImageSideTooLong,
    ImageTooHeavy,
    ImageTooLarge,
    TooManyFrames,
    UnsupportedImage,
)
from vultus.errors.inference import (
    InferenceError,
    NetworkInvalid,
    ProviderUnavailable,
    TensorMismatch,
)
from vultus.errors.packs import (
    ImportFailed,
    LibraryUnwritable,
    NotAPack,
    PackDamaged,
    PackError,
    PackExists,
    PackInvalid,
    PackNotFound,
    PackNotInstalled,
    ProofFailed,
)
from vultus.errors.recognition import (
    ModelMismatch,
    NoFace,
    NoPeople,
    SeveralFaces,
    ThresholdMissing,
)
from vultus.errors.search import SearchError, SearchUnavailable, SnapshotUnusable
from vultus.errors.sources import DigestMismatch, SourceError, SourceInvalid, SourceUnavailable
from vultus.errors.store import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreTooNew,
    StoreUnavailable,
    StoreUnsuitable,
)

__all__ = [
    "ArchiveInvalid",
    "ArchiveTooNew",
    "ArchiveUnwritable",
    "BlobError",
    "BlobNotFound",
    "BlobsUnavailable",
    "BrokenImage",
    "DigestMismatch",
    "EnrollmentRefused",
    "ExternalIdTaken",
    "FaceNotAtBox",
    "FaceNotFound",
    "GalleryError",
    "GalleryExists",
    "GalleryFileError",
    "GalleryModelMismatch",
    "GalleryNotFound",
    "ImageNotFound",
    "ImageRefused",
    "ImageSideTooLong",
    "ImageTooHeavy",
    "ImageTooLarge",
    "ImportFailed",
    "InferenceError",
    "InvalidMerge",
    "InvalidValue",
    "LibraryUnwritable",
    "LooksLikeAnother",
    "MergeNotFound",
    "MergeNotUndoable",
    "ModelMismatch",
    "NetworkInvalid",
    "NoFace",
    "NoPeople",
    "NotAPack",
    "PackDamaged",
    "PackError",
    "PackExists",
    "PackInvalid",
    "PackNotFound",
    "PackNotInstalled",
    "PhotosUnreadable",
    "PoorQuality",
    "ProofFailed",
    "ProviderUnavailable",
    "RevisionPurged",
    "SearchError",
    "SearchUnavailable",
    "SettingInvalid",
    "SeveralFaces",
    "SnapshotUnusable",
    "SourceError",
    "SourceInvalid",
    "SourceUnavailable",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreUnavailable",
    "StoreUnsuitable",
    "SubjectAmbiguous",
    "SubjectNotFound",
    "SubjectWithoutFaces",
    "TemplateSizeMismatch",
    "TemplatesUnreadable",
    "TensorMismatch",
    "ThresholdMissing",
    "TooManyFrames",
    "UnsupportedImage",
    "VersionConflict",
    "VultusError",
]
