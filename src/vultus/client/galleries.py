"""All galleries of a server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from vultus.client.answer import understood
from vultus.client.archives import read_from
from vultus.client.connection import Call, Connection
from vultus.client.gallery import ServerGallery
from vultus.client.pages import every, fits_in_an_address, place
from vultus.client.reading import subjects as reading
from vultus.client.reading import upkeep as reading_upkeep
from vultus.client.values import Imported, Purged
from vultus.domain.gallery import Gallery
from vultus.errors import GalleryExists, GalleryNotFound

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ServerGalleries:
    """The galleries of a server. Errors as for `Client`. Safe between threads."""

    connection: Connection
    max_image_bytes: int

    def list(self) -> tuple[Gallery, ...]:
        """All galleries, by name."""
        return tuple(self)

    def __iter__(self) -> Iterator[Gallery]:
        return every(self.connection, Call("GET", "/v1/galleries"), reading.gallery)

    def create(self, name: str, *, keep_crops: bool = False) -> ServerGallery:
        """Create an empty gallery for templates of the server's pack.

        Args:
            name: for people and programs, unique.
            keep_crops: keep the part of each photo that shows the face. Photos are never kept.

        Raises:
            GalleryExists: there is one of that name.
        """
        said = {"name": name, "keep_crops": keep_crops}
        answer = self.connection.write(Call("POST", "/v1/galleries", said=said))
        with understood(self.connection.server):
            return self._opened(reading.gallery(answer))

    def open(self, name: str) -> ServerGallery:
        """Open a gallery by its name or id.

        Raises:
            GalleryNotFound: there is none.
        """
        if not fits_in_an_address(name):
            return self._listed(name)
        answer = self.connection.ask(Call("GET", place("galleries", name)))
        with understood(self.connection.server):
            return self._opened(reading.gallery(answer))

    def open_or_create(self, name: str) -> ServerGallery:
        """Open a gallery by its name or id, and create it if there is none."""
        try:
            return self.open(name)
        except GalleryNotFound:
            pass
        try:
            return self.create(name)
        except GalleryExists:
            # Somebody else was faster.
            return self.open(name)

    def delete(self, name: str) -> None:
        """Delete a gallery with everything in it.

        Raises:
            GalleryNotFound: there is none.
        """
        name = name if fits_in_an_address(name) else self._listed(name).id
        self.connection.write(Call("DELETE", place("galleries", name)))

    def import_archive(
        self, source: str | Path, *, name: str | None = None, step: Step | None = None
    ) -> Imported:
        """Bring in the gallery of an archive, under its own name or another.

        A gallery of that name gets what it lacks, so a broken off import can be repeated.

        Args:
            source: the path of the archive; it is read while it is sent.
            name: of the gallery; None is its own.
            step: not told anything: a server answers when it is done.

        Raises:
            ArchiveTooNew: a newer Vultus wrote it; nothing was changed.
            ArchiveInvalid: it is damaged, and nothing was changed; or it was forged, and what came
                before the fault is there.
            BodyTooLarge: the server takes none so large.
            GalleryModelMismatch: there is a gallery of that name with templates of another model.
            ExternalIdTaken: another subject there has an external id of the archive.
        """
        query = {} if name is None else {"as": name}
        with read_from(Path(source)) as file:
            call = Call("POST", "/v1/galleries:import", query=query, file=file, long=True)
            answer = self.connection.ask(call)
        with understood(self.connection.server):
            return reading_upkeep.imported(answer)

    def purge(self, keep: timedelta | None = None) -> Purged:
        """Remove for good, in all galleries, what was deleted longer than `keep` ago.

        None is the server's own time of retention. Whole days count.
        """
        said = {"days": None if keep is None else keep.days}
        # Sent twice, the second would find nothing, and say so.
        call = Call("POST", "/v1/galleries:purge", said=said, long=True, repeatable=False)
        answer = self.connection.ask(call)
        with understood(self.connection.server):
            return reading_upkeep.purged(answer)

    def _listed(self, name: str) -> ServerGallery:
        found = next((each for each in self if each.name == name), None)
        if found is None:
            raise GalleryNotFound(name)
        return self._opened(found)

    def _opened(self, gallery: Gallery) -> ServerGallery:
        return ServerGallery(gallery, self.connection, self.max_image_bytes)
