"""Files that cannot be obtained."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


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
