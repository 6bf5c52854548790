"""A study and the protocols asked of it → an evaluation."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.parts.closed_set import closed_set_part
from vultus.evaluation.parts.open_set import open_set_part
from vultus.evaluation.parts.pairs import all_against_all_part, verification_part
from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.repeated import Lists
from vultus.evaluation.report.about import Environment, ModelFacts, NetworkFacts, Studied
from vultus.evaluation.report.evaluation import Evaluation, Part
from vultus.evaluation.templates.table import TemplateTable
from vultus.matching.policy import Policy
from vultus.models.packs.manifest import Manifest
from vultus.usecases.enroll import Step


class Protocol(StrEnum):
    """What can be asked of a dataset."""

    VERIFICATION = "verification"
    ALL_AGAINST_ALL = "all-against-all"
    CLOSED_SET = "closed-set"
    OPEN_SET = "open-set"


PARTS: dict[Protocol, Callable[[Study], Part]] = {
    Protocol.VERIFICATION: verification_part,
    Protocol.ALL_AGAINST_ALL: all_against_all_part,
    Protocol.CLOSED_SET: closed_set_part,
    Protocol.OPEN_SET: open_set_part,
}


def run(
    study: Study,
    protocols: Sequence[Protocol],
    *,
    asked: Dataset,
    model: ModelFacts,
    environment: Environment,
    command: str,
    step: Step,
) -> Evaluation:
    """Measure one protocol after the other.

    Args:
        study: what to measure.
        protocols: in the order of the report.
        asked: the dataset, or the split of one, that was asked for; `study` may hold a part of it.
        model: what made the templates of the study.
        environment: machine, software and settings.
        command: what was typed, so that it can be typed again.
        step: told (protocols done, all of them).
    """
    parts: list[Part] = []
    for done, protocol in enumerate(protocols):
        step(done, len(protocols))
        parts.append(_without_shown(PARTS[protocol](study), parts))
    step(len(protocols), len(protocols))
    return Evaluation(
        datetime.now(UTC).isoformat(timespec="seconds"),
        command,
        model,
        describe(asked, study.dataset, study.table),
        environment,
        tuple(parts),
    )


def only_paired(dataset: Dataset) -> tuple[Dataset, NDArray[np.int64]]:
    """The images that the pairs of a dataset name, and their rows in it.

    LFW lists 6,000 pairs of 7,701 of its 13,233 images: the others need no template.
    """
    rows = sorted({row for pair in dataset.pairs for row in (pair.first, pair.second)})
    return dataset.only(rows), np.array(rows, np.int64)


def only_listed(dataset: Dataset, lists: Lists) -> tuple[Dataset, Lists]:
    """The images that lists name, and the lists of their rows in it."""
    rows = np.union1d(lists.enrolled, lists.probes)
    enrolled, probes = (np.searchsorted(rows, each) for each in (lists.enrolled, lists.probes))
    return dataset.only(rows.tolist()), Lists(enrolled, probes, lists.fusion)


def _without_shown(part: Part, before: Sequence[Part]) -> Part:
    """The part without pictures that one before it shows: those in which no face was found."""
    shown = [cases for each in before for cases in each.cases]
    return replace(part, cases=tuple(cases for cases in part.cases if cases not in shown))


def describe(asked: Dataset, dataset: Dataset, table: TemplateTable) -> Studied:
    """Count what was studied: a dataset, of which all that was `asked` for is named."""
    photos = Counter(image.subject for image in dataset.images)
    return Studied(
        name=asked.name,
        version=asked.version,
        source=asked.source,
        images=len(dataset.images),
        subjects=len(photos),
        subjects_with_two=sum(count > 1 for count in photos.values()),
        pairs=len(dataset.pairs),
        undetected=int((~table.found & ~table.unreadable).sum()),
        several_faces=int((table.faces > 1).sum()),
        unreadable=int(table.unreadable.sum()),
        split=asked.split,
        content=asked.content,
    )


def model_facts(manifest: Manifest, policy: Policy | None) -> ModelFacts:
    """What a pack is, and how it decides."""
    return ModelFacts(
        manifest.name,
        manifest.version,
        manifest.summary,
        policy.threshold.similarity if policy else None,
        _origin(policy) if policy else "",
        tuple(
            NetworkFacts(key, network.file, network.sha256 or "")
            for key, network in manifest.networks.items()
        ),
    )


def _origin(policy: Policy) -> str:
    threshold = policy.threshold
    if threshold.fmr is None:
        return f"named by the {threshold.origin}"
    return f"of the {threshold.origin}, for an FMR of {threshold.fmr:g} on {threshold.protocol}"
