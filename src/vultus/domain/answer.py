"""Answers to writes, kept so that asking again gives the same and changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a write: a status of HTTP, headers that matter, and the body."""

    status: int
    headers: Mapping[str, str] = field(hash=False)
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a write of that name; `token` tells one attempt from the next."""

    name: str
    token: str
