"""Elasticsearch: an index per gallery behind an alias, for galleries that outgrow one machine.

A document is a face. One more, `state`, says up to which revision the index has followed, and is
written after the faces. Any number of processes may follow with the same index.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np
from elasticsearch import (
    ApiError,
    BadRequestError,
    ConflictError,
    Elasticsearch,
    NotFoundError,
    TransportError,
)
from numpy.typing import NDArray

from vultus.domain.gallery import Gallery, TemplateChanges
from vultus.errors import InvalidValue, SearchUnavailable
from vultus.gallery.search import elasticsearch_requests as requests
from vultus.gallery.search.port import Entries, Hits
from vultus.gallery.search.ranking import Candidates, best_subjects, check_probes
from vultus.gallery.search.rows import check_size
from vultus.gallery.search.widening import best_by_widening, beyond

T = TypeVar("T")
FACES_PER_REQUEST = 1_000
PROBES_PER_REQUEST = 100


@dataclass(frozen=True, slots=True)
class ElasticsearchOptions:
    """How an index is named, spread and searched; a higher `search_width` finds more, slower."""

    prefix: str = "vultus"
    shards: int = 1
    links: int = 32
    build_width: int = 100
    search_width: int = 200


def ping(client: Elasticsearch, timeout_s: float) -> None:
    """Ask a cluster for what any index of ours asks first, and do not mind the answer.

    Raises:
        SearchUnavailable: it does not answer within so long, or refuses.
    """
    with translated("Elasticsearch"), suppress(NotFoundError):
        patient = client.options(request_timeout=timeout_s, max_retries=0)
        patient.indices.get_alias(name=f"{ElasticsearchOptions().prefix}-none")


class ElasticsearchIndex:
    """A `TemplateIndex` on an Elasticsearch cluster; approximate.

    Changes are seen face by face while they are applied, and all of them once `apply` returns. Of
    more than 10,000 subjects it cannot answer.
    """

    def __init__(
        self, client: Elasticsearch, gallery: Gallery, options: ElasticsearchOptions | None = None
    ) -> None:
        """Use the gallery's index, and make it if there is none.

        Raises:
            SearchUnavailable: the cluster does not answer, or refuses.
        """
        self._client = client
        self._gallery = gallery.id
        self._dim = gallery.dim
        self._options = options or ElasticsearchOptions()
        self._alias = f"{self._options.prefix}-{gallery.id}"
        with self._translated():
            self._prepare()

    @property
    def revision(self) -> int:
        """See `TemplateIndex`."""
        with self._translated():
            try:
                state = self._client.get(index=self._alias, id=requests.STATE)
            except NotFoundError:
                return 0
        return int(state["_source"]["revision"])

    def __len__(self) -> int:
        with self._translated():
            faces = requests.of_gallery(self._gallery)
            return int(self._client.count(index=self._alias, query=faces)["count"])

    def apply(self, changes: TemplateChanges) -> None:
        """See `TemplateIndex`."""
        if changes.revision <= self.revision:
            return
        with self._translated():
            before = self._indices()
            self._write(self._alias, changes, through_alias=True)
            self._client.indices.refresh(index=self._alias)
            if self._indices() != before:
                raise SearchUnavailable(self._alias, "it was rebuilt meanwhile; ask again")
            self._follow_to(self._alias, changes.revision, through_alias=True)

    def replace(self, pages: Iterable[TemplateChanges]) -> None:
        """See `TemplateIndex`: another index is filled, and the alias switched over to it."""
        with self._translated():
            name = self._make_index()
            try:
                revision = 0
                for page in pages:
                    self._write(name, page, through_alias=False)
                    revision = page.revision
                self._client.indices.refresh(index=name)
                self._follow_to(name, revision, through_alias=False)
                self._switch_to(name)
            except BaseException:
                self._client.indices.delete(index=name, ignore_unavailable=True)
                raise

    def search(self, probes: NDArray[np.float32], k: int) -> Hits:
        """See `TemplateIndex`.

        Raises:
            InvalidValue: also for k > 10,000.
        """
        asked = check_probes(probes, self._dim, k)
        if k > requests.MOST_HITS:
            raise InvalidValue("k", f"Elasticsearch gives at most {requests.MOST_HITS:,} subjects")
        with self._translated():
            return best_by_widening(
                asked, k, self._look, lambda some: best_subjects(self._compare(some, k), k)
            )

    def keys(self) -> NDArray[np.int64]:
        """See `TemplateIndex`."""
        with self._translated():
            return np.fromiter(self._keys(), np.int64)

    def entries(self, keys: NDArray[np.int64]) -> Entries:
        """See `TemplateIndex`."""
        hits: list[dict[str, Any]] = []
        with self._translated():
            for some in _chunks(keys.tolist(), FACES_PER_REQUEST):
                meant = [requests.of_gallery(self._gallery), {"terms": {"face": some}}]
                answer = self._client.search(
                    index=self._alias,
                    query={"bool": {"filter": meant}},
                    fields=[{"field": "embedding"}],
                    docvalue_fields=requests.STORED,
                    source=False,
                    size=len(some),
                )
                hits += answer["hits"]["hits"]
        return requests.entries_in(hits, self._dim)

    def drop(self) -> None:
        """See `TemplateIndex`."""
        with self._translated():
            for name in self._indices():
                self._client.indices.delete(index=name, ignore_unavailable=True)

    def _look(
        self, probes: NDArray[np.float32], width: int
    ) -> tuple[Candidates, NDArray[np.float32]]:
        walk = self._options.search_width
        bodies = [requests.nearest_body(self._gallery, probe, width, walk) for probe in probes]
        faces = requests.candidates_in(self._answers(bodies), width)
        return faces, beyond(faces)

    def _compare(self, probes: NDArray[np.float32], k: int) -> Candidates:
        bodies = [requests.best_body(self._gallery, probe, k) for probe in probes]
        return requests.candidates_in(self._answers(bodies), k)

    def _answers(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        for some in _chunks(bodies, PROBES_PER_REQUEST):
            searches = list(chain.from_iterable(({}, body) for body in some))
            answers += self._client.msearch(index=self._alias, searches=searches)["responses"]
        for answer in answers:
            if "error" in answer:
                raise SearchUnavailable(self._alias, answer["error"]["type"])
        return answers

    def _keys(self) -> Iterator[int]:
        after: dict[str, Any] = {}
        while True:
            answer = self._client.search(
                index=self._alias,
                query=requests.of_gallery(self._gallery),
                sort=[{"face": "asc"}],
                size=requests.MOST_HITS,
                source=False,
                **after,
            )
            found = [hit["sort"] for hit in answer["hits"]["hits"]]
            if not found:
                return
            yield from (key for (key,) in found)
            after = {"search_after": found[-1]}

    def _prepare(self) -> None:
        if not self._indices():
            # The first index has one name, so that two processes cannot both make it.
            with suppress(BadRequestError):
                self._make_index(f"{self._alias}-first", aliases={self._alias: {}})

    def _make_index(self, name: str | None = None, **more: Any) -> str:
        made = name or f"{self._alias}-{uuid4().hex[:12]}"
        chosen = self._options
        body = requests.index_body(self._dim, chosen.shards, chosen.links, chosen.build_width)
        self._client.indices.create(index=made, **body, **more)
        return made

    def _indices(self) -> list[str]:
        """Names of the indices behind the alias: one, or none yet."""
        try:
            return sorted(self._client.indices.get_alias(name=self._alias).body)
        except NotFoundError:
            return []

    def _switch_to(self, name: str) -> None:
        old = [{"remove_index": {"index": each}} for each in self._indices()]
        added = {"add": {"index": name, "alias": self._alias}}
        self._client.indices.update_aliases(actions=[added, *old])

    def _write(self, index: str, changes: TemplateChanges, *, through_alias: bool) -> None:
        check_size(changes.vectors, self._dim)
        lines = requests.operations(self._gallery, changes)
        while some := list(chain.from_iterable(islice(lines, FACES_PER_REQUEST))):
            answer = self._client.bulk(
                index=index,
                operations=some,
                require_alias=through_alias,
                include_source_on_error=False,
            )
            problem = requests.refused(answer.body)
            if problem is not None:
                raise SearchUnavailable(self._alias, problem)

    def _follow_to(self, index: str, revision: int, *, through_alias: bool) -> None:
        with suppress(ConflictError):  # another process has followed further
            self._client.index(
                index=index,
                id=requests.STATE,
                document={"revision": revision},
                version=revision,
                version_type="external_gte",
                require_alias=through_alias,
            )

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self._alias)


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Let errors of the client come out as ours.

    The sentences of the cluster may quote documents, so only the kind of error goes on.
    """
    try:
        yield
    except ApiError as error:
        raise SearchUnavailable(place, error.message) from None
    except TransportError as error:
        raise SearchUnavailable(place, type(error).__name__) from None


def _chunks(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
