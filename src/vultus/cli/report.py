"""Photo by photo: a row or a JSON line per answer, a picture if wanted, and the exit code."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vultus.cli.draw import Pictures
from vultus.cli.exit_codes import ExitCode
from vultus.cli.line import Line
from vultus.cli.photos import complain_on_stderr, each_photo, labels
from vultus.cli.render import error_json, print_json
from vultus.cli.tables import Rows
from vultus.errors import VultusError


def report(
    photos: Sequence[Path],
    answer: Callable[[Path], list[Line]],
    columns: Sequence[str],
    *,
    as_json: bool,
    pictures: Pictures | None,
    what: str,
) -> ExitCode:
    """Answer for every photo and print what came out.

    `columns` are the heads of the cells, without those of photo and face.

    Returns:
        The exit code of `each_photo`.
    """
    rows, called = Rows("photo", "face>", *columns), labels(photos)

    def work(photo: Path) -> None:
        lines = answer(photo)
        if as_json:
            print_json({"photo": str(photo), "faces": [line.json for line in lines]})
        else:
            rows.add_all(_rows(called[photo], lines))
        if pictures is not None:
            pictures.write(photo, [line.mark for line in lines])

    code = each_photo(photos, work, _complain_in_json if as_json else complain_on_stderr, what)
    rows.print()
    return code


def _rows(photo: str, lines: list[Line]) -> list[tuple[str, ...]]:
    if not lines:
        return [(photo, "-", "no face")]
    return [(photo, str(number), *line.cells) for number, line in enumerate(lines, start=1)]


def _complain_in_json(photo: Path, error: VultusError) -> None:
    print_json(error_json(photo, error))
