"""The worst comparisons, with the pictures that make them plain."""

from collections.abc import Sequence

from vultus.evaluation.parts.study import Study
from vultus.evaluation.protocols.hardest import Hard
from vultus.evaluation.report.case import Case, Cases, Shown

MOST_UNDETECTED = 36


def impostors(hard: Sequence[Hard], study: Study) -> Cases:
    """Different people who look alike to the model."""
    return of_pairs(
        "hardest_impostors",
        "Different people, most alike",
        "Pairs of different people that came out most similar. Look for the same person under two "
        "names: such a label error counts against the model, and vultus data check finds more.",
        hard,
        study,
    )


def genuine(hard: Sequence[Hard], study: Study) -> Cases:
    """One person whom the model does not recognise."""
    return of_pairs(
        "hardest_genuine",
        "One person, least alike",
        "Pairs of one person that came out least similar. Age, pose, glasses and a face of "
        "somebody else in the photo are the usual reasons.",
        hard,
        study,
    )


def confused(hard: Sequence[Hard], study: Study) -> Cases:
    """Enrolled people who were taken for others."""
    return of_pairs(
        "confused",
        "Taken for somebody else",
        "Left the photo that was searched for, right the photo of somebody else who came before "
        "the right person.",
        hard,
        study,
    )


def alarming(hard: Sequence[Hard], study: Study) -> Cases:
    """Strangers who look like somebody enrolled."""
    return of_pairs(
        "alarming",
        "Strangers most like somebody",
        "Left a stranger, right the enrolled person who is most similar.",
        hard,
        study,
    )


def failures(rows: Sequence[int], study: Study) -> tuple[Cases, ...]:
    """Images in which no face was found, and those that could not be read, if there are any."""
    unreadable = study.table.unreadable
    faceless = [row for row in rows if not unreadable[row]]
    broken = [row for row in rows if unreadable[row]]
    return (
        *_failures(
            "undetected",
            "No face found",
            "Smaller faces are found with a lower detect.min_face_px.",
            faceless,
            study,
        ),
        *_failures(
            "unreadable",
            "Cannot be read",
            "They are damaged, or larger than the limits below decode: vultus data check says why.",
            broken,
            study,
        ),
    )


def _failures(
    key: str, title: str, advice: str, rows: Sequence[int], study: Study
) -> tuple[Cases, ...]:
    if not rows:
        return ()
    shown = rows[:MOST_UNDETECTED]
    left_out = f" {len(shown)} of {len(rows):,} are shown." if len(shown) < len(rows) else ""
    sentence = f"These images match nobody, whatever the threshold. {advice}{left_out}"
    return (Cases(key, title, sentence, tuple(Case((_shown(row, study),)) for row in shown)),)


def of_pairs(key: str, title: str, sentence: str, hard: Sequence[Hard], study: Study) -> Cases:
    """Pairs of images with their similarity, and what the threshold makes of it."""
    return Cases(key, title, sentence, tuple(_pair(each, study) for each in hard))


def _pair(hard: Hard, study: Study) -> Case:
    both = _shown(hard.first, study), _shown(hard.second, study)
    return Case(both, hard.similarity, _verdict(hard, study.threshold))


def _verdict(hard: Hard, threshold: float | None) -> str:
    if threshold is None:
        return ""
    return "accepted" if hard.similarity >= threshold else "refused"


def _shown(row: int, study: Study) -> Shown:
    image = study.dataset.images[row]
    return Shown(image.digest, image.name, image.subject, study.picture(image.digest))
