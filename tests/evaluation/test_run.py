from dataclasses import replace

import numpy as np
import pytest

from evaluations import evaluation, model
from studies import dataset, study, table
from vultus.evaluation.compare import compare_results
from vultus.evaluation.metrics.resampling import Resampling
from vultus.evaluation.parts.study import Study
from vultus.evaluation.report.evaluation import Evaluation
from vultus.evaluation.run import Protocol, describe, model_facts, only_paired, run
from vultus.matching.policy import Policy
from vultus.matching.thresholds import Threshold


def measured(of: Study, *protocols: Protocol, pack: str = "one") -> Evaluation:
    return run(
        of,
        protocols,
        version="version as kept",
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
    assert result.studied.version == "version as kept"


def test_a_photo_each_of_two_people_gives_reasons_instead_of_figures() -> None:
    result = measured(study(people=2, photos=1, paired=False), *Protocol)
    assert not result.measured
    assert all(figure.sentence for part in result.parts for figure in part.figures)


def test_steps_are_counted() -> None:
    told = []
    run(
        study(people=2, photos=1, paired=False),
        [Protocol.VERIFICATION],
        version="",
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
    some = replace(whole, pairs=whole.pairs[:120])
    part, rows = only_paired(some)
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
    results = [measured(each, Protocol.VERIFICATION) for each in (one, two)]
    rivals = compare_results(results[0], results[1], resampling)
    assert all(each.change.difference.value == 0 for each in rivals.figures)


def test_what_was_studied_is_counted() -> None:
    of = dataset(people=5, photos=2)
    single = replace(of, images=of.images[:-1])
    seen = describe(single, table(single, undetected=2))
    assert (seen.images, seen.subjects, seen.subjects_with_two) == (9, 5, 4)
    assert seen.undetected == 2
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
