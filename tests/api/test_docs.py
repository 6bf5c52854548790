"""The pages for people, and the document that they are made of."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
from starlette.testclient import TestClient

from service import routes
from vultus import errors

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    own = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert own
    for path in own:
        assert path.startswith("/docs/")
        assert client.get(path).status_code == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert client.get("/docs/redoc.standalone.js").status_code == 404


def test_every_error_is_explained_where_a_problem_says(client: TestClient) -> None:
    page = client.get("/docs/errors").text
    for name in errors.__all__:
        assert f'id="{getattr(errors, name).code}"' in page


def test_every_route_says_what_it_does_and_how_it_fails(client: TestClient) -> None:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, route in methods.items():
            if not path.startswith("/v1/"):
                continue
            assert route["summary"], (method, path)
            assert route["description"], (method, path)
            assert route["tags"], (method, path)
            assert {"401", "403", "422", "429", "503"} <= route["responses"].keys(), (method, path)
            problem = route["responses"]["503"]["content"]["application/problem+json"]
            assert problem["examples"]["overloaded"]["value"]["code"] == "overloaded"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def is_valid(document: dict[str, Any], schema: dict[str, Any], example: Any) -> bool:
    whole = schema | {"components": document["components"]}
    return jsonschema_rs.validator_for(whole).is_valid(example)


def test_every_answer_has_an_example_of_its_shape(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    seen = 0
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get("application/json")
            if not status.startswith("2") or content is None:
                continue
            assert "example" in content, name
            assert is_valid(document, content["schema"], content["example"]), name
            assert not is_valid(document, content["schema"], {"nonsense": 1}), name
            seen += 1
    assert seen > 30


def test_every_body_has_examples_of_its_shape(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    seen = 0
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        shapes = content["schema"].get("oneOf", [content["schema"]])
        assert len(content["examples"]) == len(shapes), name
        for example in content["examples"].values():
            assert is_valid(document, content["schema"], example["value"]), name
        seen += 1
    assert seen > 12


def test_headers_that_matter_are_described(client: TestClient) -> None:
    for name, operation in operations(client.get("/openapi.json").json()):
        takes = {each["name"] for each in operation.get("parameters", [])}
        for status, response in operation["responses"].items():
            headers = response["headers"]
            replayed = "Idempotency-Key" in takes and status.startswith("2")
            assert ("Idempotency-Replayed" in headers) == replayed, name
            assert ("Retry-After" in headers) == (status in ("429", "503")), name
        if name.endswith("/subjects/{subject}") and not name.startswith("DELETE"):
            assert "ETag" in operation["responses"]["200"]["headers"]


def test_every_tag_is_described(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    assert used == {tag["name"] for tag in document["tags"] if tag["description"]}


def test_every_route_is_documented() -> None:
    page = (DOCS / "api.md").read_text()
    documented = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`?]*)", page))
    assert documented == routes()
