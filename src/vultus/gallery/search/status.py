"""How the indexes of galleries are, and who looks after them."""

from dataclasses import dataclass
from typing import Protocol

from vultus.domain.gallery import Gallery
from vultus.gallery.search.port import TemplateSearch


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How an index stands to its gallery."""

    templates: int
    revision: int
    store_revision: int

    @property
    def lag(self) -> int:
        """How many changes of the gallery the index does not know yet."""
        return self.store_revision - self.revision


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """Where an index and its store disagree: keys of faces, rising.

    `missing` are in the store alone, `extra` in the index alone, `different` in both, with another
    template or subject. `templates` of the store were compared, as of `revision`. It is `settled`
    unless the gallery was written to whenever it was compared: then a difference may be none.
    `problem` says what is wrong with the index as a whole, if anything is.
    """

    templates: int
    revision: int
    missing: tuple[int, ...] = ()
    extra: tuple[int, ...] = ()
    different: tuple[int, ...] = ()
    settled: bool = True
    problem: str | None = None

    @property
    def clean(self) -> bool:
        """Whether the index is right."""
        differences = self.missing or self.extra or self.different
        return self.settled and not differences and self.problem is None


class Searches(Protocol):
    """The searches of all galleries of a store. Safe between threads."""

    def of(self, gallery: Gallery) -> TemplateSearch:
        """The search of a gallery, opened when it is first asked for."""

    def status(self, gallery: Gallery) -> IndexStatus:
        """How the gallery's index is, before a query brings it up to date."""

    def rebuild(self, gallery: Gallery) -> None:
        """Make the gallery's index anew from nothing but the store; takes as long as it takes."""

    def check(self, gallery: Gallery) -> IndexCheck:
        """Compare the gallery's index with the store: face by face, where it can tell its faces."""

    def forget(self, gallery: Gallery) -> None:
        """Remove the index of a gallery that is gone."""

    def forget_purged(self) -> None:
        """Remove what is saved of templates that the store has purged, or whose gallery is gone."""

    def tend(self) -> None:
        """Do what is due for the indexes in use, and may take minutes.

        For a thread of its own, now and then: nobody waits for it. Indexes of galleries that others
        have deleted are forgotten.
        """

    def stop(self) -> None:
        """Let a `tend` that runs in another thread give up soon, for good."""

    def close(self) -> None:
        """Save what makes the next start faster.

        Nothing is saved that the store has deleted by now, nor what cannot be compared with it.
        """
