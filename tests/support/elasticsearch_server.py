"""A stand-in for an Elasticsearch node: the few requests that the index makes, judged strictly.

It speaks enough of the protocol for the official client, keeps documents in memory, shows them to
searches only after a refresh, and refuses whatever a real node would: unknown keys, more hits than
allowed, writes through an alias that is not there, versions that are too low.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np

MEDIA_TYPE = "application/vnd.elasticsearch+json; compatible-with=9"
BULK_TYPE = "application/vnd.elasticsearch+x-ndjson; compatible-with=9"
COSINE = "(cosineSimilarity(params.probe, 'embedding') + 1) / 2"
MOST_HITS = 10_000
SEARCH_KEYS = frozenset(
    {
        "knn",
        "query",
        "collapse",
        "sort",
        "size",
        "_source",
        "fields",
        "docvalue_fields",
        "track_total_hits",
        "track_scores",
        "search_after",
    }
)
KNN_KEYS = frozenset({"field", "query_vector", "k", "num_candidates", "filter"})

Body = dict[str, Any]


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, kind: str, reason: str = "") -> None:
        super().__init__(f"{kind}: {reason}")
        self.status, self.kind, self.reason = status, kind, reason


@dataclass
class Index:
    """Documents by id: `current` as last written, `visible` as of the last refresh."""

    properties: Body
    settings: Body
    current: dict[str, Body] = field(default_factory=dict)
    visible: dict[str, Body] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def accept_version(self, id: str, version: int, kind: str) -> None:
        if kind != "external_gte" or version < 0:
            raise Refused(400, "action_request_validation_exception", f"{kind} {version}")
        if version < self.versions.get(id, -1):
            raise Refused(409, "version_conflict_engine_exception")
        self.versions[id] = version

    def put(self, id: str, document: Body) -> None:
        for name, value in document.items():
            self._check(name, value)
        self.current[id] = document

    def _check(self, name: str, value: Any) -> None:
        wanted = self.properties.get(name)
        if wanted is None:
            raise Refused(400, "strict_dynamic_mapping_exception", name)
        kinds = {"keyword": str, "long": int, "dense_vector": list}
        if type(value) is not kinds[wanted["type"]]:
            raise Refused(400, "document_parsing_exception", name)
        if isinstance(value, list) and len(value) != wanted["dims"]:
            raise Refused(400, "document_parsing_exception", "dims")


@dataclass
class Node:
    """A running node: what it holds, and what it was asked."""

    url: str
    indices: dict[str, Index] = field(default_factory=dict)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    """Method and path of each request."""
    lines: list[tuple[str, Body]] = field(default_factory=list)
    """Each JSON object of their bodies, with its request."""
    failing: Callable[[str], bool] = lambda path: False
    """Whether to answer 503, by path."""

    def bodies(self, request: str) -> list[Body]:
        """The JSON objects that came with requests of that method and path."""
        return [body for asked, body in self.lines if asked == request]

    def resolve(self, name: str, require_alias: bool = False) -> Index:
        if name in self.aliases:
            (name,) = self.aliases[name]
        elif require_alias or name not in self.indices:
            raise Refused(404, "index_not_found_exception", name)
        return self.indices[name]


@contextmanager
def elasticsearch() -> Iterator[Node]:
    """Run a node until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.node = Node(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.node
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    node: Node
    lock = RLock()
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: two would wait for each other on the way

    def do_GET(self) -> None:
        self._answer()

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

    def _answer(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        given = self.rfile.read(length)
        try:
            if self.server.node.failing(urlsplit(self.path).path):
                raise Refused(503, "unavailable_shards_exception")
            with self.server.lock:
                status, body = 200, self._route(given)
        except Refused as refused:
            status, body = refused.status, _error(refused)
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _route(self, given: bytes) -> Any:
        url = urlsplit(self.path)
        node, asked = self.server.node, dict(parse_qsl(url.query))
        request = f"{self.command} {url.path}"
        node.requests.append(request)
        lines = _parsed(given, self.headers["Content-Type"])
        node.lines += [(request, line) for line in lines]
        for pattern, act in ROUTES.items():
            found = re.fullmatch(pattern, request)
            if found:
                answer = act(node, *found.groups(), lines, asked)
                if asked:
                    raise Refused(400, "illegal_argument_exception", f"unknown {sorted(asked)}")
                return answer
        raise Refused(405, "method_not_allowed", request)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _parsed(given: bytes, kind: str | None) -> list[Body]:
    if not given:
        return []
    if kind == BULK_TYPE:
        if not given.endswith(b"\n"):
            raise Refused(400, "illegal_argument_exception", "a newline must come last")
        return [json.loads(line) for line in given.splitlines()]
    if kind != MEDIA_TYPE:
        raise Refused(406, "media_type_header_exception", str(kind))
    return [json.loads(given)]


def _error(refused: Refused) -> Body:
    cause = {"type": refused.kind, "reason": refused.reason}
    return {"error": {**cause, "root_cause": [cause]}, "status": refused.status}


def _only(body: Body, allowed: frozenset[str] | set[str]) -> None:
    unknown = set(body) - set(allowed)
    if unknown:
        raise Refused(400, "parsing_exception", f"unknown {sorted(unknown)}")


def _create(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    (body,) = lines
    _only(body, {"settings", "mappings", "aliases"})
    if name in node.indices or name in node.aliases:
        raise Refused(400, "resource_already_exists_exception", name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise Refused(400, "invalid_index_name_exception", name)
    _only(body["mappings"], {"dynamic", "properties"})
    _check_vector(body["mappings"]["properties"]["embedding"])
    node.indices[name] = Index(body["mappings"]["properties"], body["settings"])
    for alias in body.get("aliases", {}):
        node.aliases.setdefault(alias, set()).add(name)
    return {"acknowledged": True, "shards_acknowledged": True, "index": name}


def _check_vector(mapping: Body) -> None:
    _only(mapping, {"type", "dims", "index", "similarity", "index_options"})
    _only(mapping["index_options"], {"type", "m", "ef_construction"})
    graph = mapping["index_options"]
    right = mapping["type"] == "dense_vector" and 1 <= mapping["dims"] <= 4096
    right &= mapping["similarity"] in {"cosine", "dot_product", "l2_norm", "max_inner_product"}
    right &= graph["type"] == "hnsw" and 2 <= graph["m"] <= 512 and graph["ef_construction"] > 0
    if not right:
        raise Refused(400, "mapper_parsing_exception", json.dumps(mapping))


def _delete(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    if name in node.aliases:
        raise Refused(400, "illegal_argument_exception", "an alias cannot be deleted")
    if name not in node.indices and asked.pop("ignore_unavailable", "false") != "true":
        raise Refused(404, "index_not_found_exception", name)
    asked.pop("ignore_unavailable", None)
    node.indices.pop(name, None)
    for alias, members in list(node.aliases.items()):
        members.discard(name)
        if not members:
            del node.aliases[alias]
    return {"acknowledged": True}


def _get_alias(node: Node, alias: str, lines: list[Body], asked: dict[str, str]) -> Body:
    if alias not in node.aliases:
        raise Refused(404, "aliases_not_found_exception", alias)
    return {name: {"aliases": {alias: {}}} for name in node.aliases[alias]}


def _update_aliases(node: Node, lines: list[Body], asked: dict[str, str]) -> Body:
    (body,) = lines
    for action in body["actions"]:
        ((kind, meant),) = action.items()
        if kind == "add":
            node.aliases.setdefault(meant["alias"], set()).add(meant["index"])
        elif kind == "remove_index":
            _delete(node, meant["index"], [], {})
        else:
            raise Refused(400, "illegal_argument_exception", kind)
    return {"acknowledged": True}


def _bulk(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    if asked.pop("include_source_on_error", "true") != "false":
        raise Refused(400, "test", "templates would stand in error messages")
    index = node.resolve(name, asked.pop("require_alias", "false") == "true")
    items = []
    rest = iter(lines)
    for action in rest:
        ((kind, meta),) = action.items()
        document = next(rest) if kind == "index" else None
        _only(meta, {"_id", "version", "version_type"})
        try:
            items.append({kind: _bulk_one(index, kind, meta, document)})
        except Refused as refused:
            items.append({kind: {"_id": meta["_id"], **_error(refused)}})
    failed = any("error" in outcome for item in items for outcome in item.values())
    return {"took": 1, "errors": failed, "items": items}


def _bulk_one(index: Index, kind: str, meta: Body, document: Body | None) -> Body:
    index.accept_version(meta["_id"], meta["version"], meta["version_type"])
    if document is None:
        known = index.current.pop(meta["_id"], None)
        return {"_id": meta["_id"], "status": 200 if known else 404}
    index.put(meta["_id"], document)
    return {"_id": meta["_id"], "status": 201}


def _refresh(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    index = node.resolve(name)
    index.visible = dict(index.current)
    return {"_shards": {"total": 1, "successful": 1, "failed": 0}}


def _put_document(node: Node, name: str, id: str, lines: list[Body], asked: dict[str, str]) -> Body:
    index = node.resolve(name, asked.pop("require_alias", "false") == "true")
    index.accept_version(id, int(asked.pop("version")), asked.pop("version_type"))
    index.put(id, lines[0])
    return {"_id": id, "result": "created"}


def _get_document(node: Node, name: str, id: str, lines: list[Body], asked: dict[str, str]) -> Body:
    index = node.resolve(name)
    if id not in index.current:
        raise Refused(404, "not_found")
    return {"_id": id, "found": True, "_source": index.current[id]}


def _count(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    return {"count": len(_matching(node.resolve(name), lines[0]["query"]))}


def _search(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    return _hits(node.resolve(name), lines[0])


def _msearch(node: Node, name: str, lines: list[Body], asked: dict[str, str]) -> Body:
    index = node.resolve(name)
    for header in lines[::2]:
        _only(header, frozenset())
    answers = []
    for body in lines[1::2]:
        try:
            answers.append({**_hits(index, body), "status": 200})
        except Refused as refused:
            answers.append(_error(refused))
    return {"took": 1, "responses": answers}


def _hits(index: Index, body: Body) -> Body:
    _only(body, SEARCH_KEYS)
    if not 0 < body["size"] <= MOST_HITS or body["_source"] is not False:
        raise Refused(400, "illegal_argument_exception", "size or _source")
    scored = _nearest(index, body["knn"]) if "knn" in body else _scored(index, body["query"])
    hits = [_hit(index, id, score, body) for id, score in scored]
    if "sort" in body:
        orders = {name: order for each in body["sort"] for name, order in each.items()}
        for hit in hits:
            values = _doc(index, hit) | {"_score": hit["_score"]}
            hit["sort"] = [values[name] for name in orders]
        for name, order in reversed(orders.items()):
            place = list(orders).index(name)
            hits.sort(key=lambda hit: hit["sort"][place], reverse=order == "desc")
        after = body.get("search_after")
        hits = [hit for hit in hits if after is None or hit["sort"] > after]
    if "collapse" in body:
        first: dict[int, Body] = {}
        for hit in hits:
            first.setdefault(_doc(index, hit)[body["collapse"]["field"]], hit)
        hits = list(first.values())
    return {"took": 1, "timed_out": False, "hits": {"hits": hits[: body["size"]]}}


def _nearest(index: Index, knn: Body) -> list[tuple[str, float]]:
    _only(knn, KNN_KEYS)
    if not 0 < knn["k"] <= knn["num_candidates"] <= MOST_HITS:
        raise Refused(400, "illegal_argument_exception", "k or num_candidates")
    found = _by_cosine(index, knn["query_vector"], _matching(index, knn["filter"]))
    return found[: knn["k"]]


def _scored(index: Index, query: Body) -> list[tuple[str, float]]:
    if "script_score" not in query:
        return [(id, 0.0) for id in _matching(index, query)]
    script = query["script_score"]["script"]
    if script["source"] != COSINE:
        raise Refused(400, "script_exception", script["source"])
    return _by_cosine(
        index, script["params"]["probe"], _matching(index, query["script_score"]["query"])
    )


def _by_cosine(index: Index, probe: list[float], ids: list[str]) -> list[tuple[str, float]]:
    vector = np.array(probe, np.float32)
    if vector.shape != (index.properties["embedding"]["dims"],):
        raise Refused(400, "illegal_argument_exception", "dims")
    cosines = {
        id: float(np.vecdot(np.array(index.visible[id]["embedding"], np.float32), vector))
        for id in ids
    }
    scores = [(id, float(np.float32((1 + cosine) / 2))) for id, cosine in cosines.items()]
    return sorted(scores, key=lambda each: -each[1])


def _matching(index: Index, query: Body) -> list[str]:
    ((kind, meant),) = query.items()
    if kind == "bool":
        _only(meant, {"filter"})
        parts = [set(_matching(index, part)) for part in meant["filter"]]
        return sorted(set.intersection(*parts))
    ((name, value),) = meant.items()
    values = value if kind == "terms" else [value]
    if kind not in {"term", "terms"}:
        raise Refused(400, "parsing_exception", f"unknown query {kind}")
    return [id for id, document in index.visible.items() if document.get(name) in values]


def _doc(index: Index, hit: Body) -> Body:
    return index.visible[hit["_id"]]


def _hit(index: Index, id: str, score: float, body: Body) -> Body:
    document = index.visible[id]
    fields = {each["field"]: [document[each["field"]]] for each in body.get("docvalue_fields", [])}
    for each in body.get("fields", []):
        fields[each["field"]] = document[each["field"]]
    return {"_id": id, "_score": score, "fields": fields}


ROUTES: dict[str, Callable[..., Any]] = {
    r"PUT /([^/_][^/]*)": _create,
    r"DELETE /([^/_][^/]*)": _delete,
    r"GET /_alias/([^/]+)": _get_alias,
    r"POST /_aliases": _update_aliases,
    r"PUT /([^/]+)/_bulk": _bulk,
    r"POST /([^/]+)/_refresh": _refresh,
    r"PUT /([^/]+)/_doc/([^/]+)": _put_document,
    r"GET /([^/]+)/_doc/([^/]+)": _get_document,
    r"POST /([^/]+)/_count": _count,
    r"POST /([^/]+)/_search": _search,
    r"POST /([^/]+)/_msearch": _msearch,
}
