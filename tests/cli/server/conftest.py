"""A service over a store of its own, and the command line on both sides of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from running_service import running_service, service_settings
from vultus.cli.app import main
from vultus.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def served(vultus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the service, and of the commands that work on its store."""
    return service_settings(vultus_home, tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def server(served: Settings) -> Iterator[str]:
    """The address of the service."""
    with running_service(served) as address:
        yield address


@pytest.fixture
def run(
    served: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command line: its exit code, and what it wrote on stdout and stderr."""
    for name, value in {
        "VULTUS_HOME": str(served.home),
        "VULTUS_INFERENCE__THREADS": "1",
        "VULTUS_SEARCH__KIND": "exact",
    }.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vultus", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run
