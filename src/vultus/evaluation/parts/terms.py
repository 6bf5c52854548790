"""What the two kinds of error are called, in verification and in open-set identification."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Names of one kind of task. `key` begins the keys of its figures.

    `counted` are what rates of false alarms are measured by: `strangers`, the same photo once.
    """

    key: str
    false_alarms: str
    misses: str
    strangers: str
    counted: str
    right_ones: str
    false_alarms_in_words: str
    misses_in_words: str


VERIFICATION = Terms(
    key="verification",
    false_alarms="FMR",
    misses="FNMR",
    strangers="pairs of different people",
    counted="pairs of different people",
    right_ones="genuine pairs",
    false_alarms_in_words="different people accepted (FMR)",
    misses_in_words="genuine pairs refused (FNMR)",
)
OPEN_SET = Terms(
    key="open_set",
    false_alarms="FPIR",
    misses="FNIR",
    strangers="searches for strangers",
    counted="photos of strangers",
    right_ones="searches for enrolled people",
    false_alarms_in_words="strangers named (FPIR)",
    misses_in_words="enrolled people missed (FNIR)",
)
