"""What is installed, what runs and what can be used: the findings of `vultus doctor`."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vultus.errors import FileUnwritable, VultusError
from vultus.models.packs.library import PackLibrary
from vultus.usecases.extras import EXTRAS, missing_packages

CORE = ("numpy", "onnxruntime", "onnx", "opencv-python-headless", "pillow", "pi-heif")
ROOM_BYTES = 500_000_000
"""Free space that obtaining a pack may need for a while."""


class State(StrEnum):
    """How a thing stands. Only `bad` needs a cure."""

    OK = "ok"
    ABSENT = "absent"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    topic: str
    name: str
    state: State
    detail: str


def software() -> Iterator[Finding]:
    """Versions of Python and of the libraries that the core stands on."""
    yield Finding("software", "python", State.OK, f"{platform.python_version()} {sys.executable}")
    for name in ("vultus", *CORE):
        try:
            yield Finding("software", name, State.OK, version(name))
        except PackageNotFoundError:
            yield Finding("software", name, State.BAD, "not installed: pip install vultus")


def extras() -> Iterator[Finding]:
    """Which extras are installed; each is needed by some work alone."""
    for extra in EXTRAS:
        if missing := missing_packages(extra):
            detail = f"without {', '.join(missing)}: pip install 'vultus[{extra}]'"
            yield Finding("extras", extra, State.ABSENT, detail)
        else:
            yield Finding("extras", extra, State.OK, "installed")


def machine(int8: Callable[[], bool]) -> Iterator[Finding]:
    """Processor and cores; `int8` says whether it multiplies bytes without saturating."""
    cores = f"{os.cpu_count()} cores, {platform.machine()}"
    yield Finding("machine", "processor", State.OK, cores)
    detail = "yes" if int8() else "no: int8 networks use the reduced range"
    yield Finding("machine", "int8 dot products", State.OK, detail)


def home(folder: Path) -> Finding:
    """Whether there is room where Vultus keeps its files."""
    existing = _existing(folder)
    free_bytes = shutil.disk_usage(existing).free
    detail = f"{folder}, {free_bytes / 1e9:.1f} GB free"
    if not existing.is_dir():
        return Finding("machine", "home", State.BAD, f"{folder}: {existing} is no folder")
    if not os.access(existing, os.W_OK):
        return Finding("machine", "home", State.BAD, f"{detail}; it cannot be written")
    if free_bytes < ROOM_BYTES:
        return Finding("machine", "home", State.BAD, f"{detail}; packs need more")
    return Finding("machine", "home", State.OK, detail)


def kept_at(path: Path) -> str:
    """What to say of a file or folder of ours, which may not be made yet.

    Raises:
        FileUnwritable: it cannot be written, or made.
    """
    existing = _existing(path)
    if existing != path and not existing.is_dir():
        raise FileUnwritable(str(path), f"{existing} is no folder")
    if not os.access(existing, os.W_OK):
        raise FileUnwritable(str(path), f"{existing} takes nothing")
    return str(path) if existing == path else f"{path}, which is made when it is needed"


def packs(library: PackLibrary) -> Iterator[Finding]:
    """Which packs are known, which are here, and whether their files are intact."""
    installed = set(library.installed())
    for name in sorted(installed | set(library.shipped())):
        if name not in installed:
            yield Finding("packs", name, State.ABSENT, f"run: vultus packs pull {name}")
            continue
        try:
            library.verify(name)
        except VultusError as error:
            yield Finding("packs", name, State.BAD, str(error))
        else:
            yield _intact(library, name)


def _intact(library: PackLibrary, name: str) -> Finding:
    if library.is_current(name):
        return Finding("packs", name, State.OK, "installed, intact")
    return Finding("packs", name, State.BAD, f"outdated: run vultus packs pull {name} --again")


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return next(each for each in (path, *path.parents) if each.exists())


def attempt(topic: str, name: str, work: Callable[[], str]) -> Finding:
    """A finding from something that is tried out: what it says, or why it failed."""
    try:
        return Finding(topic, name, State.OK, work())
    except VultusError as error:
        return Finding(topic, name, State.BAD, str(error))
