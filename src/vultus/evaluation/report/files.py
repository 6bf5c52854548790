"""Results as JSON and reports as HTML, to files and back."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from vultus.errors import EvaluationUnreadable, FileUnwritable
from vultus.evaluation.report.evaluation import Evaluation
from vultus.whole_file import written_whole

MOST_BYTES = 200_000_000
"""A larger file is no result of ours and is not read."""


def dump(evaluation: Evaluation) -> str:
    """A result as JSON, without pictures: digests and names say what they showed."""
    return _adapter().dump_json(evaluation.without_pictures(), indent=1).decode() + "\n"


def read(path: Path) -> Evaluation:
    """Read a result that `vultus evaluate … --json` wrote.

    Raises:
        EvaluationUnreadable: there is none, or it is something else.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EvaluationUnreadable(str(path), f"it has more than {MOST_BYTES:,} bytes")
        return _adapter().validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationUnreadable(str(path), error.strerror or str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise EvaluationUnreadable(str(path), f"{where}: {first['msg']}") from error


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        FileUnwritable: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise FileUnwritable(str(path), error.strerror or str(error)) from error


@cache
def _adapter() -> TypeAdapter[Evaluation]:
    return TypeAdapter(Evaluation)
