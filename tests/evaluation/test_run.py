from dataclasses import replace

import numpy as np
import pytest

from evaluations import evaluation, model
from studies import dataset, study, table
from vultus.evaluation.compare import compare_results
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.split import split_people
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.repeated import Lists
from vultus.evaluation.report.evaluation import Evaluation
from vultus.evaluation.report.page.render import render
from vultus.evaluation.run import (
    Protocol,
    describe,
    model_facts,
    only_listed,
    only_paired,
    run,
)
from vultus.evaluation.templates.embedded import UNREADABLE
from vultus.matching.policy import Policy
from vultus.matching.thresholds import Threshold


def measured(
    of: Study, *protocols: Protocol, pack: str = "one", asked: Dataset | None = None
) -> Evaluation:
    return run(
        of,
        protocols,
        asked=asked or of.dataset,
        model=model(pack),
        environment=evaluation().environment,
        command="vultus evaluate",
        step=lambda done, total: None,
    )


def test_every_protocol_gives_its_part_in_order() -> None:
    result = measured(study(), *Protocol)
    assert [part.key for part in result.parts] == [
        "verification",
        "all_against_all",
        "closed_set",
        "open_set",
    ]
    assert result.measured
    assert result.studied.version == dataset(paired=True).version
    assert result.studied.content == dataset(paired=True).content


def test_a_split_is_named_with_the_version_that_is_kept() -> None:
    divided = split_people(dataset(people=40), {"calibration": 0.5, "test": 0.5})
    part = divided.subset("test")
    of = Study("one@1", part, table(part), 0.7, resampling=Resampling(20))
    result = measured(of, Protocol.ALL_AGAINST_ALL)
    assert (result.studied.version, result.studied.split) == (divided.version, "test")
    assert result.studied.name == divided.name
    assert "made up, split test" in render(result)


def test_what_shows_no_face_is_shown_once() -> None:
    result = measured(study(), Protocol.ALL_AGAINST_ALL, Protocol.CLOSED_SET, Protocol.OPEN_SET)
    shown = [cases for part in result.parts for cases in part.cases if cases.key == "undetected"]
    assert len(shown) == 1
    alone = measured(study(), Protocol.CLOSED_SET)
    assert [cases.key for cases in alone.parts[0].cases][-1] == "undetected"


def test_only_the_images_of_lists_are_studied() -> None:
    whole = dataset(people=3, photos=4)
    part, lists = only_listed(whole, Lists(np.array([8, 0]), np.array([2, 3])))
    assert [image.name for image in part.images] == [whole.images[row].name for row in (0, 2, 3, 8)]
    assert (lists.enrolled.tolist(), lists.probes.tolist()) == ([3, 0], [1, 2])


def test_a_photo_each_of_two_people_gives_reasons_instead_of_figures() -> None:
    result = measured(study(people=2, photos=1, paired=False), *Protocol)
    assert not result.measured
    assert all(figure.sentence for part in result.parts for figure in part.figures)


def test_steps_are_counted() -> None:
    told = []
    run(
        study(people=2, photos=1, paired=False),
        [Protocol.VERIFICATION],
        asked=dataset(people=2, photos=1),
        model=model(),
        environment=evaluation().environment,
        command="",
        step=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 1), (1, 1)]


def test_images_in_no_pair_need_no_template() -> None:
    whole = dataset(people=6, photos=3, paired=True)
    some = replace(whole, pairs=whole.pairs[:3])
    part, rows = only_paired(some)
    assert len(part.images) == len(rows) < len(whole.images)
    for kept, original in zip(part.pairs, some.pairs, strict=True):
        assert part.images[kept.first] == whole.images[original.first]
        assert rows[kept.second] == original.second


def test_a_study_of_the_paired_images_alone_can_be_compared_with_one_of_all() -> None:
    whole = dataset(paired=True)
    without_one = tuple(pair for pair in whole.pairs if 0 not in (pair.first, pair.second))
    some = replace(whole, pairs=without_one)
    part, rows = only_paired(some)
    assert len(part.images) < len(whole.images)
    all_of_it = table(some)
    chosen = replace(
        all_of_it,
        vectors=all_of_it.vectors[rows],
        found=all_of_it.found[rows],
        faces=all_of_it.faces[rows],
        measures={key: values[rows] for key, values in all_of_it.measures.items()},
    )
    resampling = Resampling(20)
    one = Study("one@1", some, all_of_it, 0.7, resampling=resampling)
    two = Study("two@1", part, chosen, 0.7, rows=rows, resampling=resampling)
    results = [measured(each, Protocol.VERIFICATION, asked=some) for each in (one, two)]
    assert results[0].studied.content == results[1].studied.content
    rivals = compare_results(results[0], results[1], resampling)
    assert all(each.change.difference.value == 0 for each in rivals.figures)


def test_what_was_studied_is_counted() -> None:
    of = dataset(people=5, photos=2)
    single = replace(of, images=of.images[:-1])
    made = table(single, undetected=2)
    made.faces[-1] = UNREADABLE
    seen = describe(single, single, made)
    assert (seen.images, seen.subjects, seen.subjects_with_two) == (9, 5, 4)
    assert (seen.undetected, seen.unreadable) == (1, 1)
    assert seen.version == single.version


@pytest.mark.parametrize(
    ("policy", "origin"),
    [
        (Policy(Threshold(0.9, "pack", 1e-3, "lfw"), 0.8), "of the pack, for an FMR of 0.001"),
        (Policy(Threshold(0.9, "setting", None, None), 0.8), "named by the setting"),
        (None, ""),
    ],
)
def test_a_threshold_says_where_it_comes_from(
    dlib_pack: object, policy: Policy | None, origin: str
) -> None:
    facts = model_facts(dlib_pack.manifest, policy)  # type: ignore[attr-defined]
    assert facts.threshold_origin.startswith(origin)
    assert facts.id == "dlib@1"
    assert all(len(network.sha256) == 64 for network in facts.networks)
    assert np.isclose(facts.threshold or 0.9, 0.9)
