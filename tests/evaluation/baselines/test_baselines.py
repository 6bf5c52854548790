import numpy as np
import pytest
from numpy.typing import NDArray

from made_up_people import made_of
from vultus.errors import InvalidValue, TooFewComparisons
from vultus.evaluation.baselines.eigenfaces import eigenfaces
from vultus.evaluation.baselines.grey import SIDE_PX, grey_faces
from vultus.evaluation.baselines.patterns import binary_patterns
from vultus.evaluation.baselines.table import Baseline, baseline_table
from vultus.evaluation.metrics.rates import area_under_roc
from vultus.evaluation.protocols.everyone import compare_everyone
from vultus.evaluation.templates.table import TemplateTable

PEOPLE = np.repeat(np.arange(12), 4)


def chips() -> NDArray[np.uint8]:
    """Four pictures of each of twelve textures, brighter or darker and a little noisy."""
    rng = np.random.default_rng(0)
    coarse = rng.uniform(0, 1, (12, 10, 10))
    textures = np.kron(coarse, np.ones((9, 9)))[PEOPLE]
    light = rng.uniform(0.5, 1, (len(PEOPLE), 1, 1))
    noisy = textures * light * 200 + rng.normal(0, 8, textures.shape)
    grey = noisy.clip(0, 255).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=3)


def like(missing: int = 0) -> TemplateTable:
    rows = np.ones((len(PEOPLE), 2))
    _, table = made_of(PEOPLE, rows, np.arange(len(PEOPLE)) >= missing)
    return table


def area(table: TemplateTable) -> float:
    everyone = compare_everyone(table.vectors, PEOPLE, table.found)
    return area_under_roc(everyone.genuine.scores, everyone.impostors.scores)


FACES = grey_faces(chips())
TRAIN = np.arange(24)


def test_chips_become_small_grey_pictures_with_even_light() -> None:
    assert FACES.shape == (48, SIDE_PX, SIDE_PX)
    assert FACES.dtype == np.uint8
    assert FACES.min() == 0
    assert FACES.max() == 255
    dark, bright = grey_faces((chips()[:1] // np.array([[[[4]]], [[[1]]]])).astype(np.uint8))
    assert np.abs(dark.astype(int) - bright).mean() < 6


@pytest.mark.parametrize("shape", [(2, 8, 8), (2, 8, 8, 1)])
def test_what_is_no_chip_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValue, match="uint8"):
        grey_faces(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("baseline", [Baseline.EIGENFACES, Baseline.PATTERNS])
def test_a_classical_method_tells_clear_textures_apart(baseline: Baseline) -> None:
    assert area(baseline_table(baseline, FACES, like(), TRAIN)) > 0.9


def test_chance_tells_nothing_apart() -> None:
    assert area(baseline_table(Baseline.CHANCE, FACES, like(), TRAIN)) == pytest.approx(
        0.5, abs=0.1
    )


@pytest.mark.parametrize("baseline", list(Baseline))
def test_its_table_has_the_faces_of_the_model_and_rows_of_norm_1(baseline: Baseline) -> None:
    model = like(missing=3)
    table = baseline_table(baseline, FACES, model, TRAIN)
    norms = np.linalg.norm(table.vectors, axis=1)
    assert norms[:3].tolist() == [0, 0, 0]
    assert norms[3:] == pytest.approx(1, abs=1e-5)
    assert table.found is model.found
    assert table.vectors.dtype == np.float32
    assert table.model.pack == baseline


@pytest.mark.parametrize("baseline", list(Baseline))
def test_a_baseline_is_the_same_every_time(baseline: Baseline) -> None:
    one, other = (baseline_table(baseline, FACES, like(), TRAIN) for _ in range(2))
    assert np.allclose(one.vectors, other.vectors, atol=1e-5)


def test_patterns_are_shares_of_each_cell() -> None:
    rows = binary_patterns(FACES[:2])
    shares = (rows**2).reshape(2, 64, 59)
    assert shares.sum(axis=2) == pytest.approx(1)


def test_eigenfaces_have_no_more_components_than_tell_the_faces_apart() -> None:
    assert eigenfaces(FACES, np.array([0, 4, 8])).shape == (48, 2)
    assert eigenfaces(FACES, np.arange(48)).shape[1] <= 11


def test_nothing_is_learnt_from_photos_without_a_face() -> None:
    with pytest.raises(TooFewComparisons):
        baseline_table(Baseline.EIGENFACES, FACES, like(missing=23), TRAIN)


def test_as_many_faces_as_rows_are_needed() -> None:
    with pytest.raises(InvalidValue):
        baseline_table(Baseline.CHANCE, FACES[:3], like(), TRAIN)
