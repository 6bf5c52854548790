import numpy as np

from benchmarks.lfw_view2 import rates
from vultus.evaluation.datasets.sources.source import NamedPair

PEOPLE = [f"person {number}" for number in range(1000)]
PAIRS = [
    pair
    for number, person in enumerate(PEOPLE)
    for pair in (
        NamedPair(f"{person}/1", f"{person}/2", same=True, fold=number % 4),
        NamedPair(f"{person}/1", f"{PEOPLE[number - 4]}/2", same=False, fold=number % 4),
    )
]
TEMPLATES = {
    f"{person}/{photo}": np.eye(8, dtype=np.float32)[number // 4 % 8]
    for number, person in enumerate(PEOPLE)
    for photo in (1, 2)
}


def test_people_who_are_told_apart_are_all_decided_rightly() -> None:
    assert rates(PAIRS, TEMPLATES) == {
        "accuracy_percent": 100,
        "standard_error_percent": 0,
        "tar_at_far_1e-2": 1,
        "tar_at_far_1e-3": 1,
        "equal_error_rate": 0,
        "thresholds": [0.5, 0.5, 0.5, 0.5],
    }


def test_a_pair_with_a_photo_without_a_face_is_decided_different() -> None:
    # Each is part of a genuine pair, which is missed, and of an impostor pair, which is not.
    absent = [f"{person}/2" for person in PEOPLE[:20]]
    found = {photo: row for photo, row in TEMPLATES.items() if photo not in absent}
    measured = rates(PAIRS, found)
    assert measured["accuracy_percent"] == 99
    assert measured["tar_at_far_1e-3"] == 0.98
