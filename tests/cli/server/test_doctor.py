"""The doctor on a server that the settings name, and on one that happens to have Triton's port."""

import json
from collections.abc import Callable

import pytest

from vultus.usecases.diagnose import State
from vultus.usecases.local_servers import triton

Run = Callable[..., tuple[int, str, str]]


def test_the_server_of_the_settings_is_asked(
    run: Run, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VULTUS_CLIENT__SERVER", server)
    code, out, _ = run("doctor", "--json")
    found = {each["name"]: each for each in map(json.loads, out.splitlines())}["client.server"]
    assert (code, found["state"]) == (0, "ok")
    assert found["detail"] == f"{server} answers, with the pack dlib@1"


def test_a_server_that_is_not_there_is_broken(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VULTUS_CLIENT__SERVER", "http://127.0.0.1:1")
    code, out, _ = run("doctor")
    (line,) = [line for line in out.splitlines() if "client.server" in line]
    assert (code, " bad " in line) == (1, True)


def test_vultus_is_not_triton(server: str) -> None:
    assert triton(int(server.rpartition(":")[2])).state is State.ABSENT
