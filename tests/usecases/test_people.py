import pytest

from fakes import template
from vultus.domain.subject import Subject
from vultus.domain.template import ModelId
from vultus.errors import ModelMismatch, NoPeople
from vultus.usecases.people import Likeness, Roll

ADA, BOB, EVE = (Subject(name, name) for name in ("Ada", "Bob", "Eve"))


def likeness(subject: Subject, *values: float) -> Likeness:
    return Likeness(subject, f"{subject.name}{values}.jpg", template(*values))


ROLL = Roll(
    [
        likeness(BOB, 0, 1, 0),
        likeness(ADA, 1, 0, 0),
        likeness(EVE, 0, 0, 1),
        likeness(ADA, 1, 1, 0),
    ]
)


def test_the_most_similar_template_of_a_subject_counts_and_names_its_photo() -> None:
    first, *_ = ROLL.candidates(template(1, 0.9, 0), 1, None)
    assert first.subject == ADA
    assert first.similarity == pytest.approx(template(1, 0.9, 0).similarity(template(1, 1, 0)))
    assert first.face_id == "Ada(1, 1, 0).jpg"


def test_candidates_come_best_first_and_once_per_subject() -> None:
    candidates = ROLL.candidates(template(1, 0.2, 0.1), 5, None)
    assert [candidate.subject for candidate in candidates] == [ADA, BOB, EVE]
    similarities = [candidate.similarity for candidate in candidates]
    assert similarities == sorted(similarities, reverse=True)


def test_everybody_is_listed_by_name() -> None:
    assert ROLL.subjects == (ADA, BOB, EVE)


def test_ties_go_to_the_name_that_comes_first() -> None:
    twins = Roll([likeness(EVE, 1, 0), likeness(BOB, 1, 0)])
    assert twins.candidates(template(1, 0), 1, None)[0].subject == BOB


def test_nobody_enrolled_is_an_error() -> None:
    with pytest.raises(NoPeople):
        Roll([])


def test_templates_of_two_models_are_never_mixed() -> None:
    foreign = Likeness(BOB, "bob.jpg", template(1, 0, 0, model=ModelId("other", "1")))
    with pytest.raises(ModelMismatch):
        Roll([likeness(ADA, 1, 0, 0), foreign])
    with pytest.raises(ModelMismatch):
        ROLL.candidates(foreign.template, 1, None)
