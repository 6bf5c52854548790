import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vultus.bootstrap.service import pepper_of, with_threads
from vultus.errors import SettingInvalid
from vultus.settings import load_settings


def test_the_pepper_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        peppers = set(pool.map(lambda _: pepper_of(settings), range(32)))
    (pepper,) = peppers
    assert len(pepper) == 32
    assert [path.name for path in settings.home.iterdir()] == ["pepper"]
    assert stat.S_IMODE((settings.home / "pepper").stat().st_mode) == 0o600


def test_a_pepper_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, service={"pepper": "salt"})
    assert pepper_of(settings) == b"salt"
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingInvalid, match="pepper"):
        pepper_of(load_settings(home=tmp_path / "file"))


def test_networks_run_on_one_thread_unless_somebody_says_otherwise() -> None:
    assert with_threads(load_settings()).inference.threads == 1
    assert with_threads(load_settings(inference={"threads": 3})).inference.threads == 3
