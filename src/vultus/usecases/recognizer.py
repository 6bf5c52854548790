"""What the library offers: a pack, loaded, and the questions it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vultus.domain.face import AssessedFace, Face
from vultus.domain.gallery import FIXED, ThresholdPolicy
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId
from vultus.errors import ImageRefused, InvalidValue, NoPeople, RatesMissing, ThresholdMissing
from vultus.matching.calibration import Calibration, SearchProbabilities
from vultus.matching.policy import Policy, policy_of_search
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize
from vultus.usecases.enroll import Enrolled, Refused, Step, enroll_photos, photos_in, why_nobody
from vultus.usecases.identification import IdentifiedFace, check_top_k
from vultus.usecases.people import Likeness, Roll
from vultus.usecases.verify import Portrait, Verification, verify
from vultus.vision.pipeline import FacePipeline
from vultus.vision.read import ImageSource, name_of

CountSize = Callable[[], SearchSize]
"""Says how large a search is. To count takes time, so it is asked only where that matters."""


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A loaded pack. Loading takes time: keep one, and share it between threads.

    `matching` decides about pairs, and about searches unless `chosen` or a gallery's own policy
    raises the threshold with the number of subjects, by the pack's `rates`.
    """

    pipeline: FacePipeline
    matching: Policy | None
    calibration: Calibration | None
    rates: ErrorRates | None = None
    chosen: ThresholdPolicy = FIXED

    @property
    def model(self) -> ModelId:
        """What stands on every template that it makes."""
        return self.pipeline.embedder.spec.model

    @property
    def dim(self) -> int:
        """How many numbers a template has."""
        return self.pipeline.embedder.spec.dim

    @property
    def policy(self) -> Policy:
        """The rule of its decisions.

        Raises:
            ThresholdMissing: neither the pack nor a setting names a threshold.
        """
        if self.matching is None:
            raise ThresholdMissing(self.model.pack)
        return self.matching

    def policy_of(self, size: CountSize, own: ThresholdPolicy | None = None) -> Policy:
        """The rule of a search of a size; `own` is the gallery's, if it has one.

        Raises:
            ThresholdMissing: neither the pack nor a setting names a threshold.
            RatesMissing: the threshold should follow the size, and the pack has no error rates.
        """
        wanted = own or self.chosen
        if wanted.fpir is None:
            return self.policy
        if self.rates is None:
            raise RatesMissing(self.model.pack)
        return policy_of_search(size(), wanted.fpir, self.rates, self.policy)

    def search_probabilities(self, size: CountSize) -> SearchProbabilities | None:
        """The probabilities of a search of a size; None while the pack has none."""
        if self.calibration is None or self.calibration.search is None:
            return None
        return self.calibration.of_searches(size())

    def detect(self, image: ImageSource, *, face_only: bool = False) -> list[AssessedFace]:
        """Find the faces of an image: boxes, landmarks and quality.

        Args:
            image: a path, the bytes of a file, or (H, W, 3) RGB uint8 pixels.
            face_only: take the whole image as one face and look for none.

        Raises:
            ImageRefused: the image cannot be read; the subclass says why.
        """
        return self.pipeline.detect(image, face_only=face_only)

    def faces(self, image: ImageSource, *, face_only: bool = False) -> list[Face]:
        """Find the faces of an image and make a template of each; arguments as for `detect`."""
        return self.pipeline.faces(image, face_only=face_only)

    def verify(
        self, first: ImageSource, second: ImageSource, *, face_only: bool = False
    ) -> Verification:
        """Say whether two images show one person, by the main face of each.

        The main face is the largest, unless it is far from the middle.

        Raises:
            NoFace: one of the images shows none; `image` of the error says which.
            ThresholdMissing: neither the pack nor a setting names a threshold.
            ImageRefused: an image cannot be read; `image` of the error says which.
        """
        policy = self.policy
        one = self.portrait(first, face_only=face_only, called="first")
        other = self.portrait(second, face_only=face_only, called="second")
        return verify(one, other, policy, self.calibration)

    def portrait(
        self, source: ImageSource, *, face_only: bool = False, called: str | None = None
    ) -> Portrait:
        """Find the faces of an image, and which of them it is of; arguments as for `detect`.

        `called` stands for it in errors if it has no path.
        """
        name = name_of(source) or called
        try:
            image = self.pipeline.reader.read(source)
        except (ImageRefused, InvalidValue) as error:
            error.about(name)
            raise
        height_px, width_px = (side * image.shrink for side in image.rgb.shape[:2])
        return Portrait(self.faces(image, face_only=face_only), width_px, height_px, name)

    def people(self, folder: str | Path, step: Step | None = None) -> "People":
        """Enroll the people of a folder: a folder per person, or one photo per person.

        Raises:
            NoPeople: nobody could be enrolled.
        """
        outcomes = enroll_photos(photos_in(Path(folder)), self.faces, step)
        enrolled = [outcome for outcome in outcomes if isinstance(outcome, Enrolled)]
        refused = tuple(outcome for outcome in outcomes if isinstance(outcome, Refused))
        if not enrolled:
            raise NoPeople(str(folder), why_nobody(refused))
        roll = [
            Likeness(entry.subject, str(entry.photo.path), entry.face.template)
            for entry in enrolled
        ]
        return People(self, Roll(roll), tuple(enrolled), refused)


@dataclass(frozen=True, slots=True)
class People:
    """Enrolled people, and which of their photos were used or refused."""

    recognizer: Recognizer
    roll: Roll
    enrolled: tuple[Enrolled, ...]
    refused: tuple[Refused, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Everybody enrolled, by name."""
        return self.roll.subjects

    def identify(
        self, image: ImageSource, *, top_k: int = 3, face_only: bool = False
    ) -> list[IdentifiedFace]:
        """Name each face of an image, with its `top_k` most similar subjects.

        Raises:
            ThresholdMissing, RatesMissing: nothing can be decided; see `Recognizer.policy_of`.
            ImageRefused: the image cannot be read.
            InvalidValue: `top_k` is no whole number above 0.
        """
        check_top_k(top_k)
        size = SearchSize.of(len(self.subjects), len(self.enrolled))
        policy, probabilities = (
            self.recognizer.policy_of(lambda: size),
            self.recognizer.search_probabilities(lambda: size),
        )
        return [
            IdentifiedFace(self.roll.candidates(face.template, top_k, probabilities), policy, face)
            for face in self.recognizer.faces(image, face_only=face_only)
        ]
