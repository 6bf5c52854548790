"""Results as JSON and reports as HTML, to files and back."""

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from vultus.errors import EvaluationUnreadable, FileUnwritable
from vultus.evaluation.report.evaluation import Evaluation

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
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise FileUnwritable(str(path), error.strerror or str(error)) from error


@cache
def _adapter() -> TypeAdapter[Evaluation]:
    return TypeAdapter(Evaluation)
