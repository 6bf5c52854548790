"""The port of face detectors."""

from typing import Protocol

from vultus.domain.face import Detection
from vultus.domain.image import Rgb


class Detector(Protocol):
    """Finds faces with five landmarks each. Safe to call from several threads at once."""

    @property
    def kind(self) -> str:
        """The name under which a pack lists this detector's five points: `mtcnn`, `yunet`."""

    def detect(self, rgb: Rgb) -> list[Detection]:
        """Find every face of an (H, W, 3) uint8 RGB image of any size, most confident first.

        Boxes and landmarks are in pixels of `rgb` and may reach beyond its edges. No face, or an
        image too small to hold one, gives an empty list.
        """
