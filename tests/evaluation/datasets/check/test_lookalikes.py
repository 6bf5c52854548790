from dataclasses import replace

import numpy as np
import pytest

from painted import POLICY, square_recognizer
from rates import made_up_rates
from studies import dataset, table
from vultus.evaluation.datasets.check import lookalikes
from vultus.evaluation.datasets.check.finding import Finding, Kind
from vultus.evaluation.datasets.check.lookalikes import check_lookalikes, least_of_lookalikes
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.templates.table import TemplateTable

WHOLE = dataset(20, 4)
TABLE = table(WHOLE, noise=0.05, undetected=0)


def found_in(of: Dataset, templates: TemplateTable, least: float = 0.95) -> list[Finding]:
    return list(check_lookalikes(of, range(len(of.images)), templates, least))


def with_vector(row: int, like: int) -> TemplateTable:
    """The table, in which an image shows whom another shows."""
    vectors = TABLE.vectors.copy()
    vectors[row] = vectors[like]
    return replace(TABLE, vectors=vectors)


def test_people_apart_are_no_lookalikes() -> None:
    assert found_in(WHOLE, TABLE) == []


@pytest.mark.parametrize("at_once", [lookalikes.SCORES_AT_ONCE, 200])
def test_a_wrong_label_is_found_by_the_two_most_similar_images(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookalikes, "SCORES_AT_ONCE", at_once)
    (found,) = found_in(WHOLE, with_vector(5, like=40))
    assert found.kind is Kind.LOOKALIKE
    assert found.rows == (5, 40)
    assert found.note == "person 1 and person 10"
    assert found.similarity == pytest.approx(1, abs=1e-3)


def test_blocks_find_what_comparing_all_at_once_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = table(WHOLE, noise=1.0)
    whole = found_in(WHOLE, noisy, least=0.3)
    monkeypatch.setattr(lookalikes, "SCORES_AT_ONCE", 250)
    assert len(whole) > 20
    assert found_in(WHOLE, noisy, least=0.3) == whole


def test_lookalikes_come_with_the_most_similar_first() -> None:
    similarities = [each.similarity for each in found_in(WHOLE, table(WHOLE, noise=1.0), 0.3)]
    assert similarities == sorted(similarities, reverse=True)


def test_one_image_under_two_names_is_left_to_the_check_of_labels() -> None:
    single = dataset(20, 1)
    copied = replace(single.images[3], digest=single.images[8].digest)
    whole = replace(single, images=(*single.images[:3], copied, *single.images[4:]))
    templates = table(single, noise=0, undetected=0)
    templates.vectors[3] = templates.vectors[8]
    assert len(found_in(single, templates)) == 1
    assert found_in(whole, templates) == []


def test_an_image_without_a_face_is_like_nobody() -> None:
    same = with_vector(5, like=40)
    found = TABLE.found.copy()
    found[5] = False
    assert found_in(WHOLE, replace(same, found=found)) == []


def test_rows_are_those_of_the_dataset_where_images_are_missing() -> None:
    rows = [row for row in range(len(WHOLE.images)) if row != 3]
    swapped = with_vector(5, like=40)
    part = replace(swapped, vectors=swapped.vectors[rows], found=TABLE.found[rows])
    (found,) = check_lookalikes(WHOLE, rows, part, 0.95)
    assert found.rows == (5, 40)


def test_more_people_must_be_more_alike() -> None:
    recognizer = replace(square_recognizer(), rates=made_up_rates())
    few, many = (least_of_lookalikes(recognizer, people, 4 * people) for people in (10, 1_000))
    assert POLICY.threshold.similarity <= few < many


def test_a_pack_without_rates_takes_its_threshold() -> None:
    assert least_of_lookalikes(square_recognizer(), 10, 40) == POLICY.threshold.similarity


def test_no_more_than_the_most_similar_pairs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = table(WHOLE, noise=1.0)
    best = found_in(WHOLE, noisy, least=-1)[:7]
    monkeypatch.setattr(lookalikes, "MOST", 7)
    assert found_in(WHOLE, noisy, least=-1) == best
    assert len(best) == 7
    assert np.isfinite([each.similarity for each in best]).all()
