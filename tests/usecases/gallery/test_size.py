from dataclasses import dataclass, replace

import pytest

from painted import BLUE, CRIMSON, GREEN, RED, photo, square_recognizer
from painted_galleries import painted_galleries
from rates import made_up_rates
from vultus.domain.gallery import GalleryCounts, ThresholdPolicy
from vultus.domain.outcome import Enrolled
from vultus.gallery.store.port import Store
from vultus.matching.calibration import Calibration, PairCalibration, SearchCalibration
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.gallery.size import ROUGHLY, Sizes
from vultus.usecases.recognizer import Recognizer

PAIR = PairCalibration((0.0, 1.0), (0.1, 0.8), prior=0.5, protocol="made up")
SEARCH = SearchCalibration((0.0, 1.0), (-2.0, 2.0), 1.0, 0.0, 0.01, 0.99, 0.5, "made up")


@dataclass
class Counting:
    """A store that notes how often it was told to count."""

    store: Store
    times: int = 0

    def counts(self, gallery_id: str) -> GalleryCounts:
        self.times += 1
        return self.store.counts(gallery_id)


@pytest.fixture
def counting(store: Store) -> Counting:
    return Counting(store)


@pytest.fixture
def opened(store: Store, counting: Counting):
    """A gallery whose sizes are counted by `counting`."""
    plain = square_recognizer()
    curves = Calibration(PAIR, SEARCH)
    recognizer = Recognizer(plain.pipeline, plain.matching, curves, made_up_rates())

    galleries = painted_galleries(store, recognizer=recognizer, lookalikes=Lookalikes.NOTE)
    workings = replace(galleries.workings, sizes=Sizes(counting))  # type: ignore[arg-type]
    return replace(galleries, workings=workings).create("staff")


def enroll(gallery: OpenGallery, name: str, *colours: tuple[int, int, int]) -> Enrolled:
    (outcome,) = gallery.enroll(name, photo(*colours))
    assert isinstance(outcome, Enrolled)
    return outcome


def test_a_photo_that_looks_like_nobody_is_enrolled_without_counting(
    opened: OpenGallery, counting: Counting
) -> None:
    for name, colour in (("Ada", RED), ("Bob", GREEN), ("Cy", BLUE)):
        enroll(opened, name, colour)
    assert counting.times == 0
    named = opened.identify(photo(CRIMSON))[0].candidates[0]
    assert enroll(opened, "Dan", CRIMSON).looks_like == named
    assert named.probability is not None


def test_where_the_threshold_follows_the_size_it_is_not_counted_for_every_photo(
    opened: OpenGallery, counting: Counting
) -> None:
    opened.set_policy(ThresholdPolicy("fpir", 0.01))
    for green in range(30):
        enroll(opened, f"{green}", (250, green, 10))
    assert counting.times == 1


def test_a_rough_size_is_at_most_a_hundred_changes_old(
    opened: OpenGallery, store: Store, counting: Counting
) -> None:
    sizes = opened.workings.sizes
    assert sizes.about(opened.info).subjects == 0
    for number in range(ROUGHLY):
        opened.enroll_templates(f"{number}", [[1, number, 0]])
    assert sizes.about(opened.info).subjects == 0
    opened.enroll_templates("one more", [[0, 0, 1]])
    assert sizes.about(opened.info).subjects == ROUGHLY + 1
    assert sizes.of(opened.info).subjects == ROUGHLY + 1
    assert counting.times == 2
