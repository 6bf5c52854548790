"""Text as it is searched: words in one form of each letter."""

import json
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from vultus.domain.subject import Attributes

LONGEST_WORD = 64
"""Characters of a word that count; the databases take no words of any length."""

MOST_COMPARED = 200
"""Words of a subject that a mistyped word is compared with."""

CLOSE = 0.75
"""Least likeness of a word that is mistyped: one wrong letter of four."""


def words_of(text: str) -> tuple[str, ...]:
    """Split text into words without capitals and accents, each once, in order.

    A word is a run of letters, digits and symbols such as emoji; what stands between is left out.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    words = decomposed.translate(_PLAIN).split()
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in words))


def search_text(name: str, external_id: str | None, attributes: Attributes) -> str:
    """The words that a subject is found by, with a space between."""
    values = " ".join(_values(dict(attributes)))
    return " ".join(words_of(f"{name} {external_id or ''} {values}"))


def trigrams_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """All runs of three characters in words that begin and end with a space."""
    padded = [f" {word} " for word in words]
    return tuple(dict.fromkeys(word[at : at + 3] for word in padded for at in range(len(word) - 2)))


def likeness(words: tuple[str, ...], text: str) -> float:
    """How well the worst of `words` is found in a subject's search text, in [0, 1].

    A word counts as found where it is like another word there, or like the beginning of one; less
    than `CLOSE` counts as 0.
    """
    there = text.split()[:MOST_COMPARED]
    return min(max((_alike(word, other) for other in there), default=0.0) for word in words)


class _Plain(dict[int, str]):
    """What stands for each character; worked out once."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        letter = chr(code) if category[0] in "LNMS" else " "
        return self.setdefault(code, "" if category == "Mn" else letter)


_PLAIN = _Plain()


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _values(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield json.dumps(value)


def _alike(word: str, other: str) -> float:
    if not set(word) & set(other):
        return 0.0
    return max(_ratio(word, other[: len(word)]), _ratio(word, other))


def _ratio(word: str, other: str) -> float:
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    # The quick ones are upper bounds.
    if matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0
    return matcher.ratio()
