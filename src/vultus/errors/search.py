"""Searches that cannot be done."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


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
