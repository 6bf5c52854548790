"""Which of the found faces are wanted, and in which order."""

from collections.abc import Sequence
from typing import Literal

from vultus.domain.face import Detection

Order = Literal["left_to_right", "largest_first"]


def choose(found: Sequence[Detection], max_faces: int, order: Order) -> list[Detection]:
    """Keep the `max_faces` largest faces, all when it is 0, and put them in order.

    From left to right counts by the boxes' centres.
    """
    kept = sorted(found, key=lambda face: face.box.area, reverse=True)[: max_faces or None]
    if order == "left_to_right":
        kept.sort(key=lambda face: face.box.x1 + face.box.x2)
    return kept
