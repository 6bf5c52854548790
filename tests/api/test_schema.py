"""What the OpenAPI document promises holds, for whatever anybody may think of to ask."""

from collections.abc import Iterator
from time import sleep
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from painted import RED, photo
from service import HERE, LOOPBACK, routes, served, settings_of

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A service with a gallery and a subject that are easily guessed, and that asks for no key."""
    home = tmp_path_factory.mktemp("schema")
    with served(settings_of(home, max_images=4)) as client:
        client.post("/v1/galleries", json={"name": "0"})
        files = [("image", ("a", photo(RED))), ("subject", (None, '{"name": "0"}'))]
        client.post("/v1/galleries/0/faces", files=files)
        while client.get("/readyz").status_code != 200:
            sleep(0.01)
        yield schemathesis.openapi.from_asgi("/openapi.json", _from_here(client.app))


def _from_here(app: ASGIApp) -> ASGIApp:
    """The same for requests that come from this machine, whatever schemathesis says.

    It runs already: schemathesis, which would start it once more, starts nothing.
    """

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app({**scope, "client": LOOPBACK}, receive, send)
            return
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    return asked


@pytest.mark.parametrize("route", sorted(routes()))
def test_every_answer_is_one_that_the_document_knows(schema: Any, route: str) -> None:
    method, path = route.split(" ")

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=20,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS, base_url=HERE, headers={"Host": "127.0.0.1"})

    ask()
