"""What is said to Elasticsearch, and what its answers mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vultus.domain.gallery import TemplateChanges
from vultus.gallery.search.port import Entries
from vultus.gallery.search.ranking import Candidates, candidates_of

STATE = "state"
"""Id of the document that says up to which revision the index has followed."""
MOST_HITS = 10_000
"""Elasticsearch's own limit of hits per request, and of candidates in a graph."""
STORED = [{"field": "face"}, {"field": "subject"}]


def index_body(dim: int, shards: int, links: int, build_width: int) -> dict[str, Any]:
    """Settings and mappings of an index: whole float vectors in a graph, none of them quantised."""
    graph = {"type": "hnsw", "m": links, "ef_construction": build_width}
    embedding = {
        "type": "dense_vector",
        "dims": dim,
        "index": True,
        "similarity": "cosine",
        "index_options": graph,
    }
    return {
        "settings": {"number_of_shards": shards},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "gallery": {"type": "keyword"},
                "face": {"type": "long"},
                "subject": {"type": "long"},
                "embedding": embedding,
                "revision": {"type": "long"},
            },
        },
    }


def operations(gallery: str, changes: TemplateChanges) -> Iterator[list[dict[str, Any]]]:
    """The lines of a bulk request, per face: set these, delete those.

    The revision is the version of the document: of two writers the later revision wins.
    """
    version = {"version": changes.revision, "version_type": "external_gte"}
    keys, subjects = changes.keys.tolist(), changes.subjects.tolist()
    for key, subject, vector in zip(keys, subjects, changes.vectors.tolist(), strict=True):
        document = {"gallery": gallery, "face": key, "subject": subject, "embedding": vector}
        yield [{"index": {"_id": str(key), **version}}, document]
    for key in changes.removed.tolist():
        yield [{"delete": {"_id": str(key), **version}}]


def refused(answer: Mapping[str, Any]) -> str | None:
    """Why an operation of a bulk request failed; None if none did.

    A conflict says that a later revision was there before, and a missing document that there was
    nothing to delete: both are as they should be.
    """
    for item in answer["items"]:
        ((kind, outcome),) = item.items()
        status = outcome["status"]
        expected = status == 409 or (kind == "delete" and status == 404)
        if status >= 300 and not expected:
            return f"{kind} failed with {outcome.get('error', {}).get('type', status)}"
    return None


def of_gallery(gallery: str) -> dict[str, Any]:
    """The filter that admits faces of one gallery."""
    return {"term": {"gallery": gallery}}


def nearest_body(
    gallery: str, probe: NDArray[np.float32], width: int, search_width: int
) -> dict[str, Any]:
    """Ask the graph for the `width` faces nearest to a (D,) probe."""
    return {
        "knn": {
            "field": "embedding",
            "query_vector": probe.tolist(),
            "k": width,
            "num_candidates": max(width, search_width),
            "filter": of_gallery(gallery),
        },
        "size": width,
        "_source": False,
        "docvalue_fields": STORED,
        "track_total_hits": False,
    }


def best_body(gallery: str, probe: NDArray[np.float32], k: int) -> dict[str, Any]:
    """Compare a (D,) probe with every face, and ask for the `k` best subjects."""
    script = {
        "source": "(cosineSimilarity(params.probe, 'embedding') + 1) / 2",
        "params": {"probe": probe.tolist()},
    }
    compared = {"query": {"bool": {"filter": [of_gallery(gallery)]}}, "script": script}
    return {
        "query": {"script_score": compared},
        "collapse": {"field": "subject"},
        "sort": [{"_score": "desc"}, {"subject": "asc"}, {"face": "asc"}],
        "track_scores": True,
        "size": k,
        "_source": False,
        "docvalue_fields": STORED,
        "track_total_hits": False,
    }


def candidates_in(answers: Sequence[Mapping[str, Any]], width: int) -> Candidates:
    """Read the hits of one answer per probe. Their score is (1 + cosine) / 2."""

    def found() -> Iterable[tuple[int, int, int, float]]:
        for row, answer in enumerate(answers):
            for hit in answer["hits"]["hits"]:
                fields = hit["fields"]
                yield row, fields["subject"][0], fields["face"][0], 2 * hit["_score"] - 1

    return candidates_of(found(), len(answers), width)


def entries_in(hits: Sequence[Mapping[str, Any]], dim: int) -> Entries:
    """Read hits that carry all fields."""
    fields = [hit["fields"] for hit in hits]
    return Entries(
        np.array([each["face"][0] for each in fields], np.int64),
        np.array([each["subject"][0] for each in fields], np.int64),
        np.array([each["embedding"] for each in fields], np.float32).reshape(-1, dim),
    )
