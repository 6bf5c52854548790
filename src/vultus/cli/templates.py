"""Templates in an .npz file: arrays only, no pickle."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vultus.cli.output import whole_file
from vultus.domain.face import Face
from vultus.domain.template import ModelId


class TemplateFile:
    """Gathers templates and writes them at once.

    The file holds `templates` (N, D) float32, `photos` (N,) text, `boxes` (N, 4) float32 as xyxy in
    pixels, and `model` text.
    """

    def __init__(self, model: ModelId, dim: int) -> None:
        """Start an empty file for templates of `model`, `dim` numbers each."""
        self._model = model
        self._dim = dim
        self._rows: list[tuple[str, Face]] = []

    def add(self, photo: Path, faces: Sequence[Face]) -> None:
        """Add the faces of a photo."""
        self._rows += [(str(photo), face) for face in faces]

    def write(self, target: Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            FileUnwritable: it cannot be written there.
        """
        vectors = np.array([face.template.vector for _, face in self._rows], np.float32)
        boxes = np.array([face.detection.box.xyxy for _, face in self._rows], np.float32)
        with whole_file(target) as file:
            np.savez(
                file,
                templates=vectors.reshape(-1, self._dim),
                photos=np.array([photo for photo, _ in self._rows], dtype=np.str_),
                boxes=boxes.reshape(-1, 4),
                model=np.array(str(self._model)),
            )
