"""The pages for people, and the document that they are made of."""

import re
from pathlib import Path

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


def test_every_route_is_documented() -> None:
    page = (DOCS / "api.md").read_text()
    documented = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`?]*)", page))
    assert documented == routes()
