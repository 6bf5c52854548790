"""Which servers answer on this machine, and that Triton is not whatever has its port."""

import socket

import pytest

from scripted_server import Answer, Cut, Silence, scripted_server
from vultus.usecases.diagnose import State
from vultus.usecases.local_servers import local_servers, triton

METADATA = {"name": "triton", "version": "2.59.0", "extensions": ["classification"]}


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_triton_is_known_by_its_metadata() -> None:
    with scripted_server(Answer(body=METADATA)) as script:
        found = triton(port_of(script.url))
        assert [(asked.method, asked.path) for asked in script.asked] == [("GET", "/v2")]
    assert found.state is State.OK
    assert script.url.removeprefix("http://") in found.detail


@pytest.mark.parametrize(
    "step",
    [
        Answer(404, {"code": "route_not_found"}),
        Answer(body=METADATA | {"name": "mlserver"}),
        Answer(body=METADATA | {"name": 7}),
        Answer(body=["triton"]),
        Answer(body=b"\xff no JSON"),
        Cut(),
        Silence(),
    ],
    ids=str,
)
def test_what_else_answers_there_is_not_triton(step: Answer | Cut | Silence) -> None:
    with scripted_server(step) as script:
        found = triton(port_of(script.url))
    assert found.state is State.ABSENT
    assert "something else; needed only at scale" in found.detail


def test_nobody_is_not_triton() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = triton(taken.getsockname()[1])
    assert found.state is State.ABSENT
    assert "nobody answers" in found.detail


def test_no_server_of_this_machine_is_needed() -> None:
    found = list(local_servers())
    assert [each.name for each in found] == [
        "PostgreSQL",
        "Redis",
        "RabbitMQ",
        "Elasticsearch",
        "Triton",
    ]
    assert {each.state for each in found} <= {State.OK, State.ABSENT}
