"""Every error Vultus raises on purpose.

    VultusError
    ├── InvalidValue                a value that cannot be what its name says
    ├── SettingInvalid              a setting is wrong
    ├── ConfigUnreadable            a file of settings cannot be read
    ├── FileUnwritable              a file cannot be written where it was wanted
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
    ├── TooFewComparisons           the data cannot support a figure
    ├── RatesMissing                no threshold follows from the size of a gallery
    ├── ExtraMissing                packages are not installed
    ├── AccessError                 somebody may not do what was asked
    │   ├── KeyMissing, KeyInvalid  a key is needed that opens something
    │   ├── KeyInsufficient         a key that is not good for that
    │   ├── KeyOfOneGallery         a key of one gallery, and all are concerned
    │   ├── KeyNotFound             no key of that id
    │   ├── KeyTaken                the secret of another key
    │   └── TooManyRequests         more requests than allowed
    ├── ServiceError                the service does not carry a request out
    │   ├── RequestInvalid          it cannot be understood
    │   ├── RouteNotFound           nothing answers at that address
    │   ├── MethodNotAllowed        the address knows no such method
    │   ├── BodyTooLarge            more bytes than allowed
    │   ├── BodyTooSlow             not all bytes came in time
    │   ├── TooManyImages           more images than allowed
    │   ├── Overloaded              more work than can be done now
    │   ├── ModelsNotReady          the models are not loaded yet
    │   ├── ModelUnavailable        a model cannot be loaded
    │   ├── TookTooLong             it was not done in time
    │   ├── IdempotencyKeyReused    its Idempotency-Key stands for another request
    │   ├── RequestInProgress       the same request is being carried out
    │   ├── RequestInterrupted      it was done, and its answer is lost
    │   ├── ConfirmationMissing     everything was to be deleted, unconfirmed
    │   ├── PublicWithoutKeys       it would be open to others
    │   ├── ProxiesWithoutKeys      it would be open to whomever a proxy passes on
    │   └── AddressUnavailable      it cannot listen there
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
    ├── FetchError                  an image named by its address was not fetched
    │   ├── AddressRefused          nothing is fetched from there
    │   └── FetchFailed             its host gave none
    ├── GalleryFileError            a file on its way into or out of a gallery
    │   ├── PhotosUnreadable        a folder, ZIP file or list of photos
    │   ├── TemplatesUnreadable     a file of ready templates
    │   ├── ArchiveUnwritable       an archive cannot be written there
    │   ├── ArchiveInvalid          no archive of a gallery, or a damaged one
    │   └── ArchiveTooNew           a newer Vultus wrote it
    ├── DatasetError                a dataset cannot do what was asked
    │   ├── DatasetNotFound         no dataset of that name or version
    │   ├── DatasetAmbiguous        several versions begin with what was said
    │   ├── DatasetSourceUnreadable no dataset can be made of it
    │   ├── DatasetDamaged          its manifest is not to be trusted
    │   ├── DatasetImageLost        the bytes of an image are gone, or are others
    │   ├── SplitImpossible         people cannot be divided like that
    │   ├── CropsMissing            a gallery that kept no pictures of its faces
    │   └── TemplateCacheUnavailable  kept templates cannot be read or written
    ├── ReportError                 a result of an evaluation cannot be read or compared
    │   ├── EvaluationUnreadable    a file that holds no result
    │   └── NotComparable           results that speak of different comparisons
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
    ├── BlobError                   bytes cannot be kept
    │   ├── BlobNotFound            no blob of that name
    │   ├── BlobNotHeld             one that was to belong to a face may be deleted
    │   └── BlobsUnavailable        the place of all blobs cannot be used
    └── RemoteError                 work on a server could not be done
        ├── ServerUnreachable       nobody answers there
        ├── ServerTimeout           no answer came in time
        ├── ServerError             an error that this Vultus does not know
        └── AnswerInvalid           an answer that this Vultus does not understand

Each class states its facts as fields, has a stable `code` for programs, and a sentence that says
what happened, to what, and what to do. None knows HTTP: one table in the API gives statuses.
"""

from vultus.errors.access import (
    AccessError,
    KeyInsufficient,
    KeyInvalid,
    KeyMissing,
    KeyNotFound,
    KeyOfOneGallery,
    KeyTaken,
    TooManyRequests,
)
from vultus.errors.base import (
    ConfigUnreadable,
    FileUnwritable,
    InvalidValue,
    SettingInvalid,
    VultusError,
)
from vultus.errors.blobs import BlobError, BlobNotFound, BlobNotHeld, BlobsUnavailable
from vultus.errors.client import (
    AnswerInvalid,
    RemoteError,
    ServerError,
    ServerTimeout,
    ServerUnreachable,
)
from vultus.errors.enrollment import EnrollmentRefused, FaceNotAtBox, LooksLikeAnother, PoorQuality
from vultus.errors.evaluation import (
    CropsMissing,
    DatasetAmbiguous,
    DatasetDamaged,
    DatasetError,
    DatasetImageLost,
    DatasetNotFound,
    DatasetSourceUnreadable,
    ExtraMissing,
    SplitImpossible,
    TemplateCacheUnavailable,
    TooFewComparisons,
)
from vultus.errors.fetching import AddressRefused, FetchError, FetchFailed
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
    RatesMissing,
    SeveralFaces,
    ThresholdMissing,
)
from vultus.errors.report import EvaluationUnreadable, NotComparable, ReportError
from vultus.errors.search import SearchError, SearchUnavailable, SnapshotUnusable
from vultus.errors.service import (
    AddressUnavailable,
    BodyTooLarge,
    BodyTooSlow,
    ConfirmationMissing,
    IdempotencyKeyReused,
    MethodNotAllowed,
    ModelsNotReady,
    ModelUnavailable,
    Overloaded,
    ProxiesWithoutKeys,
    PublicWithoutKeys,
    RequestInProgress,
    RequestInterrupted,
    RequestInvalid,
    RouteNotFound,
    ServiceError,
    TookTooLong,
    TooManyImages,
)
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
    "AccessError",
    "AddressRefused",
    "AddressUnavailable",
    "AnswerInvalid",
    "ArchiveInvalid",
    "ArchiveTooNew",
    "ArchiveUnwritable",
    "BlobError",
    "BlobNotFound",
    "BlobNotHeld",
    "BlobsUnavailable",
    "BodyTooLarge",
    "BodyTooSlow",
    "BrokenImage",
    "ConfigUnreadable",
    "ConfirmationMissing",
    "CropsMissing",
    "DatasetAmbiguous",
    "DatasetDamaged",
    "DatasetError",
    "DatasetImageLost",
    "DatasetNotFound",
    "DatasetSourceUnreadable",
    "DigestMismatch",
    "EnrollmentRefused",
    "EvaluationUnreadable",
    "ExternalIdTaken",
    "ExtraMissing",
    "FaceNotAtBox",
    "FaceNotFound",
    "FetchError",
    "FetchFailed",
    "FileUnwritable",
    "GalleryError",
    "GalleryExists",
    "GalleryFileError",
    "GalleryModelMismatch",
    "GalleryNotFound",
    "IdempotencyKeyReused",
    "ImageNotFound",
    "ImageRefused",
    "ImageSideTooLong",
    "ImageTooHeavy",
    "ImageTooLarge",
    "ImportFailed",
    "InferenceError",
    "InvalidMerge",
    "InvalidValue",
    "KeyInsufficient",
    "KeyInvalid",
    "KeyMissing",
    "KeyNotFound",
    "KeyOfOneGallery",
    "KeyTaken",
    "LibraryUnwritable",
    "LooksLikeAnother",
    "MergeNotFound",
    "MergeNotUndoable",
    "MethodNotAllowed",
    "ModelMismatch",
    "ModelUnavailable",
    "ModelsNotReady",
    "NetworkInvalid",
    "NoFace",
    "NoPeople",
    "NotAPack",
    "NotComparable",
    "Overloaded",
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
    "ProxiesWithoutKeys",
    "PublicWithoutKeys",
    "RatesMissing",
    "RemoteError",
    "ReportError",
    "RequestInProgress",
    "RequestInterrupted",
    "RequestInvalid",
    "RevisionPurged",
    "RouteNotFound",
    "SearchError",
    "SearchUnavailable",
    "ServerError",
    "ServerTimeout",
    "ServerUnreachable",
    "ServiceError",
    "SettingInvalid",
    "SeveralFaces",
    "SnapshotUnusable",
    "SourceError",
    "SourceInvalid",
    "SourceUnavailable",
    "SplitImpossible",
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
    "TemplateCacheUnavailable",
    "TemplateSizeMismatch",
    "TemplatesUnreadable",
    "TensorMismatch",
    "ThresholdMissing",
    "TooFewComparisons",
    "TooManyFrames",
    "TooManyImages",
    "TooManyRequests",
    "TookTooLong",
    "UnsupportedImage",
    "VersionConflict",
    "VultusError",
]
