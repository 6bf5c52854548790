"""The log of the service: lines for people, or JSON for programs."""

import json
import logging
import sys
from datetime import UTC, datetime

FACTS = ("request_id", "milliseconds", "key", "address")
"""What stands in a line beside its message."""


def start_logging(form: str) -> None:
    """Write everything from `info` on to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # They tell each step of a migration, and each library that was tried.
    for chatty in ("alembic", "faiss"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class PlainLines(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one."""
        facts = "".join(f" {name}={value}" for name, value in facts_of(record).items())
        told = f"{_moment(record)} {record.levelname.lower()} {record.getMessage()}{facts}"
        return f"{told}\n{self.formatException(record.exc_info)}" if record.exc_info else told


class JsonLines(logging.Formatter):
    """A JSON object on a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one."""
        told: dict[str, object] = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **facts_of(record),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What is known of the request that a line is about."""
    found = ((name, getattr(record, name, None)) for name in FACTS)
    return {name: value for name, value in found if value is not None}


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
