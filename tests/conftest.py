"""What every test may ask for."""

import hashlib
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from filelock import FileLock

import vultus
from vultus.cli.portraits import PRESIDENTS, obtain_portraits
from vultus.errors import SourceError
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.library import PackLibrary
from vultus.models.packs.pack import Pack
from vultus.models.packs.sources.port import Progress, Wanted, silent
from vultus.models.packs.sources.pypi import PypiSource
from vultus.settings import Settings, load_settings
from vultus.usecases.recognizer import Recognizer

pytest_plugins = ("stores", "swift_server")

# A slow moment of a busy machine is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

LEFT_OF_A_FACE = Wanted(
    PRESIDENTS + "obama_partial_face.jpg",
    "c2d1f09e7ef3042352b41e41286e6eb0522f64f88308be13886991b95db52117",
    423_060,
)

CHECKOUT = Path(__file__).resolve().parents[1]
BESIDE_THE_CHECKOUT = CHECKOUT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The evaluation data; tests that ask for it carry the `data` marker."""
    path = Path(os.environ.get("VULTUS_TEST_DATA", BESIDE_THE_CHECKOUT))
    if not path.is_dir():
        pytest.skip(f"no evaluation data at {path}; set VULTUS_TEST_DATA to its directory")
    return path


@pytest.fixture(scope="session")
def samples_dir(data_dir: Path) -> Path:
    """Photos of ten people, three groups and four scenes without a face, with a manifest."""
    return data_dir / "samples"


@pytest.fixture(scope="session")
def servers_dir() -> Path:
    """Where environments of servers that tests start are kept between runs."""
    return Path(os.environ.get("VULTUS_TEST_HOME", CHECKOUT / ".test-home"))


@pytest.fixture(scope="session")
def vultus_home() -> Path:
    """A home in which the pack `dlib` is installed, as this code builds it.

    It is kept between runs (`VULTUS_TEST_HOME`, else `.test-home` in the checkout), and built anew
    from the files that were downloaded once whenever the code that builds it changes.
    """
    kept = Path(os.environ.get("VULTUS_TEST_HOME", CHECKOUT / ".test-home"))
    kept.mkdir(parents=True, exist_ok=True)
    with FileLock(kept / "lock"):  # The tests run in several processes.
        return _home_with_dlib(kept)


def _home_with_dlib(kept: Path) -> Path:
    home, made_by = kept / "home", kept / "made-by"
    builders = _digest_of_the_builders()
    stale = not made_by.is_file() or made_by.read_text() != builders
    try:
        _library(home, kept / "artifacts").pull("dlib", again=stale)
    except SourceError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the pack dlib is not to be had: {error}")
    made_by.write_text(builders)
    for archive in (kept / "artifacts").glob("*-*"):
        archive.unlink()
    return home


@pytest.fixture(scope="session")
def library(vultus_home: Path) -> PackLibrary:
    """The packs of `vultus_home`."""
    return _library(vultus_home, vultus_home.parent / "artifacts")


@pytest.fixture(scope="session")
def dlib_pack(library: PackLibrary) -> Pack:
    """The default pack."""
    return library.open("dlib")


@pytest.fixture(scope="session")
def portraits(vultus_home: Path) -> Path:
    """The demo's folder: `people/` with two of them, `photos/` of one of them and a stranger."""
    folder = vultus_home.parent / "portraits"
    try:
        with FileLock(vultus_home.parent / "lock"):
            obtain_portraits(PypiSource(), folder, silent)
    except SourceError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the portraits are not to be had: {error}")
    return folder


@pytest.fixture(scope="session")
def left_of_a_face(vultus_home: Path) -> Path:
    """A photo of one of the portraits' people that shows the left of the face alone."""
    kept = vultus_home.parent
    place = kept / "left_of_a_face.jpg"
    try:
        with FileLock(kept / "lock"), TemporaryDirectory(dir=kept) as arriving:
            if not place.exists():
                PypiSource().fetch(LEFT_OF_A_FACE, Path(arriving, place.name), silent)
                Path(arriving, place.name).replace(place)
    except SourceError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the photo is not to be had: {error}")
    return place


@pytest.fixture(scope="session")
def settings(vultus_home: Path) -> Settings:
    """Settings of a machine on which the default pack is installed."""
    return load_settings(home=vultus_home, inference={"threads": 1})


@pytest.fixture(scope="session")
def recognizer(settings: Settings) -> Recognizer:
    """The default pack, loaded."""
    return vultus.load(settings=settings)


def _library(home: Path, artifacts: Path) -> PackLibrary:
    options = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")
    return PackLibrary(
        home / "packs",
        lambda: [_KeepingSource(artifacts)],
        lambda name, model: OnnxNetwork(name, model, options),
    )


def _digest_of_the_builders() -> str:
    packs = Path(vultus.__file__).parent / "models" / "packs"
    files = [
        packs / "build.py",
        *(packs / "importers").rglob("*.py"),
        *packs.glob("shipped/dlib/*"),
    ]
    contents = b"".join(file.read_bytes() for file in sorted(files))
    return hashlib.sha256(contents).hexdigest()


class _KeepingSource:
    """PyPI, asked once for each file."""

    scheme = "pypi"

    def __init__(self, artifacts: Path) -> None:
        self._artifacts = artifacts

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        kept = self._artifacts / wanted.sha256
        PypiSource().fetch(wanted, kept, progress)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(kept, target)
