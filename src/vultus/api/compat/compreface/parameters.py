"""What CompreFace's clients say in the query of a request."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl

from vultus.domain.face import Detection
from vultus.errors import RequestInvalid

T = TypeVar("T")

MISPLACED = re.compile(
    r"\?(?=(?:limit|det_prob_threshold|prediction_count|face_plugins|status|detect_faces)=)"
)
"""The JavaScript client writes a second and a third question mark where `&` belongs."""

MOST_PREDICTIONS = 1_000
LARGEST = 2**31 - 1
LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which faces of an image are meant, and what is to be said of each.

    `limit` keeps so many faces, the largest; 0 keeps all. Faces of a lower confidence than
    `det_prob_threshold` are left out. `plugins` are more things to say of each.
    """

    limit: int
    prediction_count: int
    det_prob_threshold: float
    plugins: frozenset[str]
    status: bool
    detect_faces: bool

    def chosen(self, found: list[T], detection: Callable[[T], Detection]) -> list[T]:
        """The faces that are meant, the largest first; `detection` tells where one is."""
        certain = [each for each in found if detection(each).confidence >= self.det_prob_threshold]
        certain.sort(key=lambda each: detection(each).box.area, reverse=True)
        return certain[: self.limit or None]


def read_query(query: str) -> Mapping[str, str]:
    """Take a query apart; of a parameter that comes twice, the first is meant."""
    pairs = parse_qsl(MISPLACED.sub("&", query), keep_blank_values=True)
    return dict(reversed(pairs))


def asked_of(query: Mapping[str, str]) -> Asked:
    """Understand the parameters; those that are missing or empty have CompreFace's defaults.

    Raises:
        RequestInvalid: one is no number, or out of its range.
    """
    return Asked(
        limit=_number(query, "limit", 0, 0, LARGEST),
        prediction_count=_number(query, "prediction_count", 1, 1, MOST_PREDICTIONS),
        det_prob_threshold=_share(query, "det_prob_threshold"),
        plugins=frozenset(each.strip() for each in query.get("face_plugins", "").split(",")),
        status=_is_true(query, "status", False),
        detect_faces=_is_true(query, "detect_faces", True),
    )


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """Which page of the list of faces is wanted, and how many faces a page has, at most 1,000.

    Raises:
        RequestInvalid: as for `asked_of`.
    """
    size = _number(query, "size", 20, 1, LARGEST)
    return _number(query, "page", 0, 0, LARGEST), min(size, LARGEST_PAGE)


def _number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name) or str(default)
    if not re.fullmatch(r"[+-]?[0-9]{1,10}", text):
        raise RequestInvalid(name, "a whole number is needed")
    if not least <= int(text) <= most:
        raise RequestInvalid(name, f"it must be from {least} to {most}")
    return int(text)


def _share(query: Mapping[str, str], name: str) -> float:
    try:
        share = float(query.get(name) or 0)
    except ValueError as error:
        raise RequestInvalid(name, "a number is needed") from error
    if not 0 <= share <= 1:
        raise RequestInvalid(name, "it must be from 0 to 1")
    return share


def _is_true(query: Mapping[str, str], name: str, default: bool) -> bool:
    text = query.get(name, "").lower()
    if text not in ("", "true", "false", "1", "0"):
        raise RequestInvalid(name, "it must be true or false")
    return text in ("true", "1") if text else default
