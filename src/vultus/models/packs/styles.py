"""How families of embedders want their chips."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from vultus.errors import InvalidValue
from vultus.models.packs.manifest import DetectorKind, InputPart, Points

ARCFACE_POINTS: Points = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
"""Five points in a 112x112 chip. Source: InsightFace, `face_align.py`; OpenCV and most networks
that were trained on InsightFace's chips of MS-Celeb-1M use them, whatever the detector."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a family's networks take, and where in the chip a detector's five points belong."""

    input: InputPart
    points: Mapping[DetectorKind, Points]

    def changed(self, points: Points | None = None, **changes: Any) -> Self:
        """The same with other values in `input`; None leaves a value as it is.

        Args:
            points: for every detector; needed when the size changes.
            changes: fields of `InputPart`.

        Raises:
            InvalidValue: a value is impossible, or the points were left behind.
        """
        values = self.input.model_dump()
        values |= {name: value for name, value in changes.items() if value is not None}
        try:
            new = InputPart(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            problem = first["msg"].removeprefix("Value error, ")
            raise InvalidValue(str(first["loc"][0]), problem) from error
        if points is not None:
            return replace(self, input=new, points=dict.fromkeys(self.points, points))
        if (new.width, new.height) != (self.input.width, self.input.height):
            raise InvalidValue("size", "the points belong to another size: give them too")
        return replace(self, input=new)


def read_points(path: Path) -> Points:
    """Read five points: a JSON list of [x, y] in pixels of the chip, in the order of `Landmarks`.

    Raises:
        InvalidValue: the file cannot be read, or does not hold them.
    """
    try:
        return TypeAdapter(Points).validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidValue("points", f"{path} cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise InvalidValue("points", f"{path} holds no list of five [x, y] apart") from error


def _rgb(side_px: int, mean: tuple[float, ...], spread: tuple[float, ...]) -> InputPart:
    """Square RGB chips whose pixels are taken as `(pixel - mean) / spread`."""
    return InputPart(
        width=side_px,
        height=side_px,
        colour="rgb",
        mean=mean,
        scale=tuple(1 / value for value in spread),
    )


STYLES: Mapping[str, Style] = {
    "arcface": Style(
        _rgb(112, mean=(127.5,) * 3, spread=(127.5,) * 3),
        {"mtcnn": ARCFACE_POINTS, "yunet": ARCFACE_POINTS},
    ),
    "imagenet": Style(
        _rgb(112, mean=(123.675, 116.28, 103.53), spread=(58.395, 57.12, 57.375)),
        {"mtcnn": ARCFACE_POINTS, "yunet": ARCFACE_POINTS},
    ),
    # FaceNet's chips are a detector's box, not aligned: the points are where MTCNN's and YuNet's
    # lie on average in the crop that facenet-pytorch makes with its usual margin of 14 pixels,
    # measured on 800 faces of LFW whose people are not in its pairs.
    "facenet": Style(
        _rgb(160, mean=(127.5,) * 3, spread=(128.0,) * 3),
        {
            "mtcnn": ((50.1, 64.5), (115.2, 63.5), (82.9, 92.6), (54.8, 117.9), (112.7, 117.0)),
            "yunet": ((49.4, 63.6), (116.8, 63.2), (83.4, 92.2), (55.7, 114.9), (113.0, 114.4)),
        },
    ),
}
