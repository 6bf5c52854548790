"""Which photos a command was given, and the way through them that a bad one does not stop."""

import glob
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from vultus.cli.exit_codes import ExitCode
from vultus.cli.printable import on_stderr
from vultus.cli.progress import track
from vultus.errors import ImageNotFound, InvalidValue, VultusError

Complain = Callable[[Path, VultusError], None]


def expand(given: list[str]) -> list[Path]:
    """Files as they are, folders as all files below them, globs as what they match, once each.

    What is not there, or holds no photo, stays in the list among others: it fails when it is read.

    Raises:
        ImageNotFound: there is no photo at all.
        InvalidValue: a name is empty.
    """
    if "" in given:
        raise InvalidValue("photo", "the name is empty")
    found = {name: _expand(name) for name in given}
    nowhere = [name for name, paths in found.items() if not paths]
    if nowhere and len(nowhere) == len(found):
        raise ImageNotFound(nowhere[0], _why_nothing(nowhere[0]))
    listed = [path for name, paths in found.items() for path in paths or [Path(name)]]
    return list(dict.fromkeys(listed))


def labels(photos: Sequence[Path]) -> dict[Path, str]:
    """What each photo is called in a table: its name, or as much of its path as tells it apart."""
    namesakes: dict[str, list[Path]] = {}
    for photo in photos:
        namesakes.setdefault(photo.name, []).append(photo)
    return {
        photo: label
        for name, alike in namesakes.items()
        for photo, label in zip(alike, _told_apart(name, alike), strict=True)
    }


def _told_apart(name: str, alike: Sequence[Path]) -> list[str]:
    """What photos of one name are called."""
    if len(alike) == 1:
        return [name]
    try:
        above = os.path.commonpath([photo.parent for photo in alike])
    except ValueError:  # Some are absolute, and others are not.
        return [str(photo) for photo in alike]
    return [os.path.relpath(photo, above) for photo in alike]


def each_photo(
    photos: Sequence[Path], work: Callable[[Path], None], complain: Complain, what: str
) -> ExitCode:
    """Do `work` on every photo; one that fails is reported, and the rest goes on.

    Returns:
        The exit code.
    """
    failed = 0
    for photo in track(photos, what):
        try:
            work(photo)
        except VultusError as error:
            failed += 1
            complain(photo, error)
    return exit_code(failed, len(photos))


def exit_code(failed: int, of: int) -> ExitCode:
    """What a command ends with that did so many photos, of which so many failed."""
    if failed == 0:
        return ExitCode.DONE
    return ExitCode.FAILED if failed == of else ExitCode.PARTLY_FAILED


def complain_on_stderr(photo: Path, error: VultusError) -> None:
    """Say on stderr what is wrong with a photo."""
    on_stderr(f"{photo}: {error}")


def _expand(name: str) -> list[Path]:
    path = Path(name)
    if os.path.lexists(path):
        return _photos_at(path)
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True))
    return [photo for match in matches for photo in _photos_at(match)]


def _photos_at(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(entry for entry in path.rglob("*") if _is_photo(entry, path))
    return [path]


def _is_photo(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and (path.is_file() or _is_broken_link(path))


def _is_broken_link(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _why_nothing(path: str) -> str:
    if os.path.isdir(path):
        return "no photo is in this folder"
    return "there is no such file, folder or match"
