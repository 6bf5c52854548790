"""Image to templates, the steps in order: read, detect, align, assess, embed."""

from collections.abc import Sequence
from dataclasses import dataclass

from vultus.domain.face import AssessedFace, Detection, Face
from vultus.domain.image import Image, Rgb
from vultus.domain.template import Template
from vultus.vision.align import Aligner
from vultus.vision.assess import QualityThresholds, assess
from vultus.vision.detect.port import Detector
from vultus.vision.detect.select import Order, choose
from vultus.vision.embed.port import Chips, Embedder
from vultus.vision.read import ImageReader, ImageSource
from vultus.vision.shrink import shrink_to


@dataclass(frozen=True, slots=True)
class FacePipeline:
    """The way an image goes. Safe to call from several threads at once."""

    reader: ImageReader
    detector: Detector
    aligner: Aligner
    embedder: Embedder
    thresholds: QualityThresholds
    long_side_px: int
    max_faces: int
    order: Order

    def detect(self, source: ImageSource, *, face_only: bool = False) -> list[AssessedFace]:
        """Find the faces of an image and say how good each one's picture is.

        Boxes and landmarks are in pixels of the file, upright. With `face_only` nothing is looked
        for: the whole image is taken as one face.
        """
        image = self.reader.read(source)
        _, faces = self._assessed(image, face_only)
        return [_in_file(face, image) for face in faces]

    def faces(self, source: ImageSource, *, face_only: bool = False) -> list[Face]:
        """Find the faces of an image and make a template of each."""
        image = self.reader.read(source)
        chips, faces = self._assessed(image, face_only)
        vectors = self.embedder.embed(chips)
        model = self.embedder.spec.model
        return [
            Face(face.detection, face.quality, Template(vector, model))
            for face, vector in zip((_in_file(face, image) for face in faces), vectors, strict=True)
        ]

    def _assessed(self, image: Image, face_only: bool) -> tuple[Chips, list[AssessedFace]]:
        found = [self.aligner.whole(image.rgb)] if face_only else self._find(image.rgb)
        chips = self.aligner.chips(image.rgb, [detection.landmarks for detection in found])
        return chips, self._assess(image.rgb, found, chips)

    def _find(self, rgb: Rgb) -> list[Detection]:
        small, factor = shrink_to(rgb, self.long_side_px)
        found = [detection.scaled(1 / factor) for detection in self.detector.detect(small)]
        return choose(found, self.max_faces, self.order)

    def _assess(self, rgb: Rgb, found: Sequence[Detection], chips: Chips) -> list[AssessedFace]:
        return [
            AssessedFace(detection, assess(detection, rgb, chip, self.thresholds))
            for detection, chip in zip(found, chips, strict=True)
        ]


def _in_file(face: AssessedFace, image: Image) -> AssessedFace:
    if image.shrink == 1:
        return face
    return AssessedFace(face.detection.scaled(image.shrink), face.quality)
