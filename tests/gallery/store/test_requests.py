from typing import Any

import pytest

from vultus.errors import InvalidValue
from vultus.gallery.store.requests import GalleryChange


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "fpir"},
        {"fpir": 0.01},
        {"policy": "fpir", "fpir": None},
        {"policy": "fixed", "fpir": 0.01},
        {"policy": None, "fpir": 0.01},
        {"policy": "fpir", "fpir": 1.0},
        {"policy": "loose", "fpir": None},
    ],
)
def test_a_policy_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        GalleryChange(**change)
