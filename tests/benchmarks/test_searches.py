"""The galleries of the benchmarks that search, on made-up people."""

import numpy as np
import pytest

from benchmarks.lfw_faces import rows_of
from benchmarks.lfw_identification import by_person, measure
from benchmarks.open_set import plan

COUNTS = [1] * 120 + [2] * 20 + [5] * 30
PEOPLE = np.repeat(np.arange(len(COUNTS)), COUNTS)
PHOTOS = [f"lfw/{person:03d}/{row:04d}.jpg" for row, person in enumerate(PEOPLE.tolist())]
PROBES = 20 * 1 + 30 * 4


def templates(noise: float) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    own = rng.standard_normal((len(COUNTS), 64))[PEOPLE]
    rows = own + noise * rng.standard_normal(own.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(PHOTOS, rows.astype(np.float32), strict=True))


def measured(found: dict[str, np.ndarray]) -> dict:
    rng = np.random.default_rng(0)
    return measure(*rows_of(PHOTOS, found), by_person(PHOTOS), 0.6, rng)


def test_people_who_are_told_apart_are_all_found() -> None:
    answer = measured(templates(noise=0.2))
    perfect = {
        "rank_1": 1,
        "rank_5": 1,
        "fnir_at_fpir_0.01": 0,
        "fnir_at_fpir_0.1": 0,
        "fnir_at_threshold": 0,
        "fpir_at_threshold": 0,
    }
    assert answer["one_photo"] == {"subjects": 50, "probes": PROBES} | perfect
    several = answer["one_to_three_photos"]
    ways = ("best_of", "centroid", "vultus_score")
    assert list(several) == [f"{count} {way}" for count in (1, 2, 3) for way in ways]
    assert all(each == {"subjects": 50, "probes": 60} | perfect for each in several.values())


def test_more_photos_of_a_subject_are_better_and_their_mean_is_best() -> None:
    several = measured(templates(noise=1.5))["one_to_three_photos"]
    rates = [several[f"{count} vultus_score"]["rank_1"] for count in (1, 2, 3)]
    assert rates == sorted(rates)
    assert rates[0] == several["1 best_of"]["rank_1"] == several["1 centroid"]["rank_1"]
    assert several["3 centroid"]["rank_1"] > several["3 best_of"]["rank_1"]


def test_a_photo_without_a_face_is_a_miss_and_finds_nobody() -> None:
    found = templates(noise=0.2)
    absent = [photo for photo, person in zip(PHOTOS, PEOPLE, strict=True) if person in (0, 169)]
    for photo in absent:
        del found[photo]
    answer = measured(found)["one_photo"]
    assert answer["rank_1"] == answer["rank_5"] == pytest.approx(1 - 4 / PROBES)
    assert answer["fnir_at_threshold"] == pytest.approx(4 / PROBES)
    assert answer["fpir_at_threshold"] == 0


def test_one_photo_of_each_is_enrolled_and_people_with_one_alone_are_strangers() -> None:
    drawn = plan(PEOPLE, PEOPLE % 2 == 0, seed=1)
    assert drawn.subjects.tolist() == list(range(120, 170, 2))
    assert PEOPLE[drawn.enrolled].tolist() == drawn.subjects.tolist()
    assert (PEOPLE[drawn.mated] == drawn.subjects[drawn.owners]).all()
    assert sorted(PEOPLE[drawn.strangers].tolist()) == list(range(0, 120, 2))
    rows = np.concatenate([drawn.enrolled, drawn.mated, drawn.strangers])
    assert sorted(rows.tolist()) == np.flatnonzero(PEOPLE % 2 == 0).tolist()
