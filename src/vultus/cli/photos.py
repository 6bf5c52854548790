"""Which photos a command was given, and the way through them that a bad one does not stop."""

import glob
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from vultus.cli.exit_codes import ExitCode
from vultus.cli.progress import track
from vultus.errors import ImageNotFound, VultusError

Complain = Callable[[Path, VultusError], None]


def expand(given: list[str]) -> list[Path]:
    """Files as they are, folders as all files below them, globs as what they match, once each.

    Raises:
        ImageNotFound: a name is neither, or matches nothing.
    """
    found = [path for name in given for path in _expand(name)]
    return list(dict.fromkeys(found))


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
    print(f"vultus: {photo}: {error}", file=sys.stderr)


def _expand(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        return sorted(entry for entry in path.rglob("*") if _is_photo(entry, path))
    if path.exists():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(name, recursive=True))
    if not matches:
        raise ImageNotFound(name, "there is no such file, folder or match")
    return [match for match in matches if match.is_file()]


def _is_photo(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.is_file() and not hidden
