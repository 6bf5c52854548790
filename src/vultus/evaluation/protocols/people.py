"""People by number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def numbered(subjects: Sequence[str]) -> NDArray[np.int64]:
    """(N,) the number of each image's person, in the order in which they first appear."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(subject, len(numbers)) for subject in subjects], np.int64)
