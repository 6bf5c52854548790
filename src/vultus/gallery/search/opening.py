"""Opening the searches of a store by the name of their kind."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from vultus.domain.gallery import Gallery
from vultus.errors import SearchUnavailable, SettingInvalid
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.search.port import TemplateIndex
from vultus.gallery.search.snapshot import Snapshots
from vultus.gallery.search.status import Searches

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from vultus.gallery.store.sql.database import Database
    from vultus.gallery.store.sql.store import SqlStore

Kind: TypeAlias = Literal["faiss", "exact", "pgvector", "elasticsearch"]
NewIndex: TypeAlias = Callable[[Gallery], TemplateIndex]

GRAPH_FROM = 500_000
"""From so many templates on, a graph in memory is worth the minutes that it takes to build."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What searches, and how; None leaves a choice to the kind."""

    kind: Kind = "faiss"
    graph_from: int | None = None
    links: int | None = None
    build_width: int | None = None
    search_width: int | None = None
    threads: int | None = None
    elasticsearch_url: str = "http://localhost:9200"
    elasticsearch_api_key: str | None = None

    @property
    def chosen(self) -> dict[str, Any]:
        """How a graph is built and walked, as far as it was said."""
        names = ("links", "build_width", "search_width")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def open_searches(store: "SqlStore", options: SearchOptions, saved: Path) -> Searches:
    """Open the searches of a store; those in memory keep snapshots in the directory `saved`.

    Raises:
        SettingInvalid: the kind does not go with the store.
        SearchUnavailable: what it needs is not installed.
    """
    if options.kind == "pgvector":
        return _pgvector(store, options)
    return Indexes(store, _NEW_INDEX[options.kind](options), Snapshots(saved))


def look_at_search(options: SearchOptions, database: "Database | None", timeout_s: float) -> str:
    """Say what searches; nothing is made there.

    Args:
        options: what searches, and where.
        database: of the store, if it is on PostgreSQL.
        timeout_s: longest wait for an answer.

    Raises:
        SettingInvalid: the kind does not go with the store.
        SearchUnavailable: what it needs is not installed, or does not answer.
    """
    if options.kind == "elasticsearch":
        with closing(_client(options)) as client:
            from vultus.gallery.search.elasticsearch import ping

            ping(client, timeout_s)
        return f"{options.kind} at {_without_password(options.elasticsearch_url)}"
    if options.kind == "pgvector":
        from vultus.gallery.search.pgvector import check_extension

        check_extension(_on_postgresql(database))
        return f"{options.kind} in the store"
    return f"{options.kind} in this process"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _on_postgresql(database: "Database | None") -> "Database":
    if database is None or database.engine.dialect.name != "postgresql":
        raise SettingInvalid("search.kind", "pgvector needs a store on PostgreSQL")
    return database


def _pgvector(store: "SqlStore", options: SearchOptions) -> Searches:
    database = _on_postgresql(store.database)
    from vultus.gallery.search.pgvector import PgVectorOptions
    from vultus.gallery.search.pgvector_searches import PgVectorSearches

    given = options.chosen
    if options.graph_from is not None:
        given["index_from"] = options.graph_from
    return PgVectorSearches(database, store, PgVectorOptions(**given))


def _exact(_: SearchOptions) -> NewIndex:
    from vultus.gallery.search.exact import ExactIndex

    return lambda gallery: ExactIndex(gallery.dim)


def _faiss(options: SearchOptions) -> NewIndex:
    # Read when FAISS is loaded: its threads shall sleep between batches, and not spin.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from vultus.gallery.search.faiss import FaissIndex
    from vultus.gallery.search.graph import GraphOptions

    graph = GraphOptions(**options.chosen)
    graph_from = GRAPH_FROM if options.graph_from is None else options.graph_from
    return lambda gallery: FaissIndex(
        gallery.dim, graph_from=graph_from, options=graph, threads=options.threads
    )


def _client(options: SearchOptions) -> "Elasticsearch":
    try:
        from elasticsearch import Elasticsearch
    except ImportError as error:
        problem = f"its client is missing ({error.name}); run: pip install 'vultus[elasticsearch]'"
        raise SearchUnavailable("Elasticsearch", problem) from error
    return Elasticsearch(options.elasticsearch_url, api_key=options.elasticsearch_api_key)


def _elasticsearch(options: SearchOptions) -> NewIndex:
    client = _client(options)
    from vultus.gallery.search.elasticsearch import ElasticsearchIndex, ElasticsearchOptions

    chosen = ElasticsearchOptions(**options.chosen)
    return lambda gallery: ElasticsearchIndex(client, gallery, chosen)


_NEW_INDEX: dict[Kind, Callable[[SearchOptions], NewIndex]] = {
    "exact": _exact,
    "faiss": _faiss,
    "elasticsearch": _elasticsearch,
}
