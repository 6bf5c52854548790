"""Questions that cannot be answered."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


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


@dataclass(eq=False)
class RatesMissing(VultusError):
    """A threshold should follow the size of a gallery, and the pack measured no error rates."""

    code = "rates_missing"
    sentence = (
        "The pack {pack!r} carries no error rates, so no threshold follows from the size of a "
        "gallery. Pull an outdated pack --again, measure them with `vultus thresholds calibrate`, "
        "or choose the policy fixed."
    )
    pack: str
