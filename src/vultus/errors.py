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

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(eq=False)
class VultusError(Exception):
    """Base of all errors that Vultus raises on purpose."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = "Something went wrong."

    @property
    def facts(self) -> dict[str, object]:
        """The fields of the error by name, for programs."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return self.sentence.format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), tuple(self.facts.values())


@dataclass(eq=False)
class InvalidValue(VultusError):
    """A value that cannot be what its name says."""

    code = "invalid_value"
    sentence = "{name} is not valid: {problem}."
    name: str
    problem: str


@dataclass(eq=False)
class SettingInvalid(VultusError):
    """A setting has a value that it cannot have."""

    code = "setting_invalid"
    sentence = "The setting {name} is wrong: {problem}."
    name: str
    problem: str


# Images


class ImageRefused(VultusError):
    """Bytes that do not become an image."""

    code = "image_refused"


@dataclass(eq=False)
class ImageTooHeavy(ImageRefused):
    """More bytes than allowed."""

    code = "image_too_heavy"
    sentence = (
        "The image has {size_bytes:,} bytes; the limit is {limit_bytes:,}. "
        "Send a smaller file, or raise decode.max_bytes."
    )
    size_bytes: int
    limit_bytes: int


@dataclass(eq=False)
class ImageTooLarge(ImageRefused):
    """More pixels than allowed, told from the header before decoding."""

    code = "image_too_large"
    sentence = (
        "The image has {pixels:,} pixels; the limit is {limit:,}. "
        "Shrink it, or raise decode.max_pixels."
    )
    pixels: int
    limit: int


@dataclass(eq=False)
class ImageSideTooLong(ImageRefused):
    """One side longer than allowed, told from the header before decoding."""

    code = "image_side_too_long"
    sentence = (
        "One side of the image has {side_px:,} pixels; the limit is {limit_px:,}. "
        "Shrink it, or raise decode.max_side_px."
    )
    side_px: int
    limit_px: int


@dataclass(eq=False)
class TooManyFrames(ImageRefused):
    """An animation with more frames than allowed."""

    code = "too_many_frames"
    sentence = (
        "The image has {frames:,} frames; the limit is {limit:,}. "
        "Send a still picture, or raise decode.max_frames."
    )
    frames: int
    limit: int


@dataclass(eq=False)
class UnsupportedImage(ImageRefused):
    """Content that is not one of the kinds that are read."""

    code = "unsupported_image"
    sentence = (
        "This is {kind}, which is not read. Send JPEG, PNG, WebP, AVIF, HEIC, GIF, BMP or TIFF."
    )
    kind: str


@dataclass(eq=False)
class BrokenImage(ImageRefused):
    """An image of a known kind that is damaged."""

    code = "broken_image"
    sentence = "The {kind} image is damaged: {problem}. Save it again from its source."
    kind: str
    problem: str


@dataclass(eq=False)
class ImageNotFound(ImageRefused):
    """A path at which no file can be read."""

    code = "image_not_found"
    sentence = "No image can be read at {path}: {problem}."
    path: str
    problem: str


# Faces and people


class NoFace(VultusError):
    """A face was needed and none was found."""

    code = "no_face"
    sentence = (
        "No face was found in the image. Use a photo that shows the face larger and from "
        "the front, or lower detect.min_face_px."
    )


@dataclass(eq=False)
class SeveralFaces(VultusError):
    """One face was needed and there are more."""

    code = "several_faces"
    sentence = "The image shows {count} faces where one is needed. Crop it to the person meant."
    count: int


@dataclass(eq=False)
class NoPeople(VultusError):
    """A folder from which nobody could be enrolled."""

    code = "no_people"
    sentence = (
        "Nobody could be enrolled from {path}: {problem}. "
        "Make a folder per person with photos in it, or one photo per person."
    )
    path: str
    problem: str


@dataclass(eq=False)
class ModelMismatch(VultusError):
    """Templates of two models cannot be compared."""

    code = "model_mismatch"
    sentence = (
        "A template of {left} cannot be compared with one of {right}. "
        "Embed both images again with the same pack."
    )
    left: str
    right: str


@dataclass(eq=False)
class ThresholdMissing(VultusError):
    """A decision was asked for, and neither the pack nor a setting names a threshold."""

    code = "threshold_missing"
    sentence = (
        "The pack {pack!r} names no threshold, so nothing can be decided with it. "
        "Set match.threshold to a similarity that was measured for it."
    )
    pack: str


# Packs


class PackError(VultusError):
    """A model pack cannot be used."""

    code = "pack_error"


@dataclass(eq=False)
class PackNotFound(PackError):
    """No pack of that name."""

    code = "pack_not_found"
    sentence = "There is no pack {name!r}. Known packs: {known}."
    name: str
    known: str


@dataclass(eq=False)
class NotAPack(PackError):
    """A path that is not the directory of a pack."""

    code = "not_a_pack"
    sentence = (
        "{path} is no pack: {problem}. Give the directory that holds the pack's manifest.json."
    )
    path: str
    problem: str


@dataclass(eq=False)
class PackNotInstalled(PackError):
    """A known pack whose files are not on this machine yet."""

    code = "pack_not_installed"
    sentence = "The pack {name!r} is not on this machine. Run: vultus packs pull {name}"
    name: str


@dataclass(eq=False)
class PackInvalid(PackError):
    """A manifest that breaks the schema; `field` is the path to the fault."""

    code = "pack_invalid"
    sentence = "The manifest {path} is wrong at {field}: {problem}."
    path: str
    field: str
    problem: str


@dataclass(eq=False)
class PackDamaged(PackError):
    """A file of a pack that is missing or not the one the manifest names."""

    code = "pack_damaged"
    sentence = (
        "The file {file} of pack {name!r} {problem}. Install the pack again: "
        "vultus packs pull {name} --again, or remove it and add its directory."
    )
    name: str
    file: str
    problem: str


@dataclass(eq=False)
class PackExists(PackError):
    """A pack of that name is already there."""

    code = "pack_exists"
    sentence = "A pack {name!r} is already installed. Run: vultus packs remove {name}"
    name: str


@dataclass(eq=False)
class LibraryUnwritable(PackError):
    """Packs cannot be kept where they belong."""

    code = "library_unwritable"
    sentence = (
        "Packs cannot be kept in {path}: {problem}. "
        "Make room there, or set VULTUS_HOME to another directory."
    )
    path: str
    problem: str


@dataclass(eq=False)
class ImportFailed(PackError):
    """A foreign model file could not be converted."""

    code = "import_failed"
    sentence = "{file} could not be converted: {problem}."
    file: str
    problem: str


@dataclass(eq=False)
class ProofFailed(PackError):
    """A built network that does not compute what it should."""

    code = "proof_failed"
    sentence = (
        "The network {network} gives other answers than expected: cosine {cosine:.4f}, "
        "at least {least:.4f} is needed. Its file was not installed."
    )
    network: str
    cosine: float
    least: float


# Sources of files


class SourceError(VultusError):
    """A file could not be obtained."""

    code = "source_error"


@dataclass(eq=False)
class SourceInvalid(SourceError):
    """An address that cannot be understood."""

    code = "source_invalid"
    sentence = "The source {source!r} is wrong: {problem}."
    source: str
    problem: str


@dataclass(eq=False)
class SourceUnavailable(SourceError):
    """Nobody answered, or answered no."""

    code = "source_unavailable"
    sentence = (
        "{source} could not be obtained: {problem}. "
        "Check the address and the network; the same command continues where this one stopped."
    )
    source: str
    problem: str


@dataclass(eq=False)
class DigestMismatch(SourceError):
    """Bytes that are not the promised ones."""

    code = "digest_mismatch"
    sentence = (
        "{source} is not the promised file: SHA-256 {actual} where {expected} was promised. "
        "Nothing of it was kept."
    )
    source: str
    expected: str
    actual: str


# Inference


class InferenceError(VultusError):
    """A network cannot run."""

    code = "inference_error"


@dataclass(eq=False)
class ProviderUnavailable(InferenceError):
    """The wanted execution provider is not there; never replaced silently."""

    code = "provider_unavailable"
    sentence = (
        "The execution provider {wanted} is not available here; there is: {available}. "
        "Install the build of onnxruntime that has it, or change inference.provider."
    )
    wanted: str
    available: str


@dataclass(eq=False)
class NetworkInvalid(InferenceError):
    """Bytes that are no network which can be loaded."""

    code = "network_invalid"
    sentence = "The network {name} cannot be used: {problem}."
    name: str
    problem: str


@dataclass(eq=False)
class TensorMismatch(InferenceError):
    """An input that is not what the network takes."""

    code = "tensor_mismatch"
    sentence = "The network {network} cannot take its input: {problem}."
    network: str
    problem: str


# Galleries


class GalleryError(VultusError):
    """A gallery cannot do what was asked."""

    code = "gallery_error"


@dataclass(eq=False)
class GalleryNotFound(GalleryError):
    """No gallery of that id or name."""

    code = "gallery_not_found"
    sentence = "There is no gallery {gallery!r}."
    gallery: str


@dataclass(eq=False)
class GalleryExists(GalleryError):
    """A gallery of that name is already there."""

    code = "gallery_exists"
    sentence = "There is a gallery {name!r} already. Choose another name."
    name: str


@dataclass(eq=False)
class SubjectNotFound(GalleryError):
    """No subject of that id in the gallery."""

    code = "subject_not_found"
    sentence = "There is no subject {subject!r} in the gallery {gallery!r}."
    gallery: str
    subject: str


@dataclass(eq=False)
class FaceNotFound(GalleryError):
    """No face of that id in the gallery."""

    code = "face_not_found"
    sentence = "There is no face {face!r} in the gallery {gallery!r}."
    gallery: str
    face: str


@dataclass(eq=False)
class ExternalIdTaken(GalleryError):
    """Another subject of the gallery has that external id."""

    code = "external_id_taken"
    sentence = (
        "The external id {external_id!r} belongs to the subject {subject!r} already. "
        "Use that subject, or another external id."
    )
    external_id: str
    subject: str


@dataclass(eq=False)
class VersionConflict(GalleryError):
    """Somebody else changed the subject first."""

    code = "version_conflict"
    sentence = (
        "The subject {subject!r} is at version {actual}, not {expected}: it was changed meanwhile. "
        "Read it again, then change it."
    )
    subject: str
    expected: int
    actual: int


@dataclass(eq=False)
class TemplateSizeMismatch(GalleryError):
    """A template that has more or fewer numbers than those of the gallery."""

    code = "template_size_mismatch"
    sentence = (
        "A template of {actual} numbers cannot stand in a gallery of templates of {expected}. "
        "Embed the image with the gallery's pack."
    )
    expected: int
    actual: int


@dataclass(eq=False)
class InvalidMerge(GalleryError):
    """Subjects that cannot be merged."""

    code = "invalid_merge"
    sentence = "These subjects cannot be merged into {into!r}: {problem}."
    into: str
    problem: str


@dataclass(eq=False)
class MergeNotFound(GalleryError):
    """No such merge, or its retention has passed."""

    code = "merge_not_found"
    sentence = "There is no merge {merge!r} that could be undone; it may be too long ago."
    merge: str


@dataclass(eq=False)
class MergeNotUndoable(GalleryError):
    """A merge that can be taken back no more."""

    code = "merge_not_undoable"
    sentence = "The merge {merge!r} cannot be undone: {problem}."
    merge: str
    problem: str


@dataclass(eq=False)
class RevisionPurged(GalleryError):
    """An index cannot follow its gallery from the revision where it is."""

    code = "revision_purged"
    sentence = (
        "The gallery {gallery!r} cannot be followed from revision {after}; "
        "from {since} on it can. Run: vultus index rebuild"
    )
    gallery: str
    after: int
    since: int


@dataclass(eq=False)
class SubjectAmbiguous(GalleryError):
    """Several subjects answer to what was said."""

    code = "subject_ambiguous"
    sentence = "{count} subjects answer to {subject!r}. Name the one meant by its id: {ids}."
    subject: str
    count: int
    ids: str


@dataclass(eq=False)
class SubjectWithoutFaces(GalleryError):
    """A subject that nothing can be compared with."""

    code = "subject_without_faces"
    sentence = "The subject {subject!r} has no face to compare with. Enroll a photo first."
    subject: str


@dataclass(eq=False)
class GalleryModelMismatch(GalleryError):
    """The pack at hand did not make the templates of the gallery."""

    code = "gallery_model_mismatch"
    sentence = (
        "The templates of the gallery {gallery!r} were made by {theirs}, and the pack at hand is "
        "{ours}; they cannot be compared. Use the gallery's pack, or embed the photos again, into "
        "a new gallery. Run: vultus enroll --gallery NEW --pack {pack} --folder PHOTOS"
    )
    gallery: str
    theirs: str
    ours: str
    pack: str


# Enrolling


class EnrollmentRefused(VultusError):
    """A photo that does not become a face of a subject."""

    code = "enrollment_refused"


@dataclass(eq=False)
class FaceNotAtBox(EnrollmentRefused):
    """The face meant is not where it should be."""

    code = "face_not_at_box"
    sentence = (
        "None of the {count} faces of the image lies at the given box. "
        "Give a box in pixels of the file, as vultus detect prints it."
    )
    count: int


@dataclass(eq=False)
class PoorQuality(EnrollmentRefused):
    """Too poor a picture of the face."""

    code = "poor_quality"
    sentence = (
        "The picture of the face is not good enough to enroll: {reasons}. "
        "Take a better one, or ask less with quality.policy."
    )
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        words = ", ".join(reason.replace("_", " ") for reason in self.reasons)
        return self.sentence.format(reasons=words)


@dataclass(eq=False)
class LooksLikeAnother(EnrollmentRefused):
    """Another subject looks like that."""

    code = "looks_like_another"
    sentence = (
        "The face looks like the subject {name!r} (id {subject}, similarity {similarity:.3f}). "
        "If that is the person, enroll the photo there; if not, allow lookalikes."
    )
    subject: str
    name: str
    similarity: float


# Files on their way into or out of a gallery


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


# The store


class StoreError(VultusError):
    """The store itself cannot be used."""

    code = "store_error"


@dataclass(eq=False)
class StoreUnavailable(StoreError):
    """Nobody answers, or there is no such database."""

    code = "store_unavailable"
    sentence = "The store at {store} cannot be reached: {problem}. Nothing was changed."
    store: str
    problem: str


@dataclass(eq=False)
class StoreBusy(StoreError):
    """Others held the store, or what was to be changed in it, for too long."""

    code = "store_busy"
    sentence = (
        "The store at {store} is busy: {problem}. Nothing was changed; try again, or raise "
        "store.timeout_s."
    )
    store: str
    problem: str


@dataclass(eq=False)
class StoreReadOnly(StoreError):
    """The store can be read and not written."""

    code = "store_read_only"
    sentence = (
        "The store at {store} cannot be written: {problem}. Nothing was changed; "
        "check whose its files are, and whether the server takes writes."
    )
    store: str
    problem: str


@dataclass(eq=False)
class StoreFull(StoreError):
    """No room is left for the store."""

    code = "store_full"
    sentence = "The store at {store} has no room left: {problem}. Nothing was changed."
    store: str
    problem: str


@dataclass(eq=False)
class StoreDamaged(StoreError):
    """What is in the store makes no sense."""

    code = "store_damaged"
    sentence = "The store at {store} is damaged: {problem}. Restore it from a backup."
    store: str
    problem: str


@dataclass(eq=False)
class StoreTooNew(StoreError):
    """A newer version of Vultus wrote the store."""

    code = "store_too_new"
    sentence = (
        "The store at {store} has the schema {found!r}, which this version does not know. "
        "It knows {known!r}: use the newer Vultus that wrote it."
    )
    store: str
    found: str
    known: str


@dataclass(eq=False)
class StoreUnsuitable(StoreError):
    """The database lacks something that is needed."""

    code = "store_unsuitable"
    sentence = "The store at {store} cannot be used: {problem}."
    store: str
    problem: str


# Search


class SearchError(VultusError):
    """A search cannot be done."""

    code = "search_error"


@dataclass(eq=False)
class SearchUnavailable(SearchError):
    """The server that searches does not answer, or refuses."""

    code = "search_unavailable"
    sentence = "{server} cannot search: {problem}. The gallery itself is not affected."
    server: str
    problem: str


@dataclass(eq=False)
class SnapshotUnusable(SearchError):
    """A saved index that is broken, foreign or of another kind; the store can give a new one."""

    code = "snapshot_unusable"
    sentence = "The saved index of the gallery {gallery!r} is not used: {problem}."
    gallery: str
    problem: str


# Blobs


class BlobError(VultusError):
    """Bytes cannot be kept."""

    code = "blob_error"


@dataclass(eq=False)
class BlobNotFound(BlobError):
    """No blob of that name."""

    code = "blob_not_found"
    sentence = "There is no blob {name!r}."
    name: str


@dataclass(eq=False)
class BlobsUnavailable(BlobError):
    """The place of all blobs cannot be used."""

    code = "blobs_unavailable"
    sentence = "The blobs at {place} cannot be used: {problem}."
    place: str
    problem: str
