"""How large a search is."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class SearchSize:
    """With how much a probe is compared.

    `comparisons` are the faces of all `subjects`, and the mean of each who has several: a stranger
    can look like any of them.
    """

    subjects: int
    comparisons: int

    @classmethod
    def of(cls, subjects: int, faces: int) -> Self:
        """The size of a gallery; where it is not known who has several faces, the most who can."""
        several = min(subjects, max(faces - subjects, 0))
        return cls(subjects, max(faces + several, subjects))

    @property
    def per_subject(self) -> float:
        """Comparisons with a subject, on average; at least 1."""
        return max(self.comparisons / self.subjects, 1.0) if self.subjects else 1.0
