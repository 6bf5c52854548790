"""Text of others, such as names of files, as a terminal may show it."""

import json
import re
import sys
from typing import Any

# Controls, ends of lines, turns of the direction of writing, and bytes of a name that are no UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""The text with whatever would act on a terminal written out, as `\x1b` or `\n`."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def on_stdout(text: str) -> None:
    """Say an answer that names something."""
    print(printable(text))


def on_stderr(text: object) -> None:
    """Say something beside the answer."""
    print(f"vultus: {printable(str(text))}", file=sys.stderr)


def write_out_what_cannot_be_encoded() -> None:
    """Let no character of a name end a command, whatever the encoding of stdout is."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def json_line(value: Any) -> str:
    """JSON on one line, in letters that stdout has; others are escaped as JSON does."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return line
