"""What a command says whose extra is not installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_FASTAPI = """
import sys
sys.modules["fastapi"] = None
from vultus.cli.app import main
main()
"""


@pytest.fixture
def without_fastapi(tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    """The environment and the beginning of a command line that finds no FastAPI."""
    return os.environ | {"VULTUS_HOME": str(tmp_path)}, [sys.executable, "-c", WITHOUT_FASTAPI]


def test_serving_without_its_extra_is_one_sentence(
    without_fastapi: tuple[dict[str, str], list[str]],
) -> None:
    environment, vultus = without_fastapi
    done = subprocess.run(
        [*vultus, "serve", "--port", "0"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (said,) = done.stderr.splitlines()
    assert "fastapi" in said
    assert "vultus[service]" in said


def test_keys_need_no_extra(without_fastapi: tuple[dict[str, str], list[str]]) -> None:
    environment, vultus = without_fastapi
    made = [*vultus, "keys", "create", "door"]
    done = subprocess.run(made, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout[:7]) == (0, "vultus_"), done.stderr
