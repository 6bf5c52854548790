"""What commands end with; docs/exit-codes.md explains each, and a test compares the two."""

from enum import IntEnum


class ExitCode(IntEnum):
    """A command's exit code. Names that share a number belong to different commands."""

    DONE = 0
    FAILED = 1
    BROKEN = 1
    DIFFERENT = 1
    FOUND = 1
    NOTHING_MEASURED = 1
    WRONG_COMMAND_LINE = 2
    PARTLY_FAILED = 3
    UNKNOWN = 4
    UNCERTAIN = 5
    REGRESSED = 6
    INTERRUPTED = 130
