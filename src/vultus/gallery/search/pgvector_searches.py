"""The searches of a store on PostgreSQL with pgvector."""

from threading import Lock

from vultus.domain.gallery import Gallery
from vultus.gallery.search.follower import TemplateSource
from vultus.gallery.search.pgvector import PgVectorOptions, PgVectorSearch, drop_index
from vultus.gallery.search.status import IndexCheck, IndexStatus
from vultus.gallery.store.sql.database import Database


class PgVectorSearches:
    """`Searches` in the store itself: nothing lags."""

    def __init__(
        self, database: Database, source: TemplateSource, options: PgVectorOptions | None = None
    ) -> None:
        """Search in `database`, which is that of the store `source`."""
        self._database = database
        self._source = source
        self._options = options
        self._opened: dict[str, PgVectorSearch] = {}
        self._opening = Lock()

    def of(self, gallery: Gallery) -> PgVectorSearch:
        """See `Searches`; errors as for `PgVectorSearch`."""
        with self._opening:
            if gallery.id not in self._opened:
                search = PgVectorSearch(self._database, gallery, self._options)
                self._opened[gallery.id] = search
            return self._opened[gallery.id]

    def status(self, gallery: Gallery) -> IndexStatus:
        """See `Searches`."""
        revision = self._source.revision(gallery.id)
        return IndexStatus(len(self.of(gallery)), revision, revision)

    def rebuild(self, gallery: Gallery) -> None:
        """See `Searches`."""
        self.of(gallery).rebuild()

    def check(self, gallery: Gallery) -> IndexCheck:
        """See `Searches`; as PostgreSQL keeps the index, it is looked at as a whole."""
        status = self.status(gallery)
        problem = self.of(gallery).problem()
        return IndexCheck(status.templates, status.revision, problem=problem)

    def forget(self, gallery: Gallery) -> None:
        """See `Searches`."""
        with self._opening:
            self._opened.pop(gallery.id, None)
        drop_index(self._database, gallery.id)

    def forget_purged(self) -> None:
        """See `Searches`; what is deleted is nowhere but in the table."""

    def tend(self) -> None:
        """See `Searches`."""
        for search in list(self._opened.values()):
            search.tend()

    def stop(self) -> None:
        """See `Searches`; the server goes on with an index that it has begun."""

    def close(self) -> None:
        """See `Searches`; there is nothing to save."""
