from io import BytesIO
from typing import Any

import numpy as np
import pytest

from fakes import template
from painted import BLUE, CRIMSON, GREEN, LIME, POLICY, RED, photo, square_recognizer
from rates import made_up_rates
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import ThresholdPolicy
from vultus.domain.template import ModelId
from vultus.errors import (
    GalleryModelMismatch,
    InvalidValue,
    RatesMissing,
    TemplateSizeMismatch,
    ThresholdMissing,
)
from vultus.matching.calibration import Calibration, PairCalibration, SearchCalibration
from vultus.matching.policy import Decision
from vultus.usecases.gallery import nearest
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.recognizer import Recognizer


@pytest.fixture
def staff(gallery: OpenGallery) -> OpenGallery:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll("Bob", photo(GREEN))
    return gallery


def test_every_face_of_an_image_is_named_from_left_to_right(staff: OpenGallery) -> None:
    answers = staff.identify(photo(LIME, BLUE, CRIMSON))
    named = [answer.subject.name if answer.subject else None for answer in answers]
    assert named == ["Bob", None, "Ada"]
    lefts = [answer.face.detection.box.x1 for answer in answers]
    assert lefts == sorted(lefts)


def test_candidates_come_best_first_with_the_face_that_is_most_similar(staff: OpenGallery) -> None:
    staff.enroll("Ada", photo(CRIMSON))
    (answer,) = staff.identify(photo((215, 20, 40)), top_k=5)
    assert [candidate.subject.name for candidate in answer.candidates] == ["Ada", "Bob"]
    assert answer.candidates[0].face_id == staff.faces("Ada")[1].id
    assert answer.similarity == answer.candidates[0].similarity


@pytest.mark.parametrize(
    ("probe", "decision"),
    [
        ((1.0, 0.0, 0.1), Decision.MATCH),
        ((1.0, 0.0, 0.65), Decision.UNCERTAIN),
        ((0.0, -1.0, -1.0), Decision.UNKNOWN),
    ],
)
def test_only_a_match_names_a_subject(
    staff: OpenGallery, probe: tuple[float, ...], decision: Decision
) -> None:
    (answer,) = staff.identify_templates(probe)
    assert answer.decision is decision
    assert (answer.subject is not None) == (decision is Decision.MATCH)
    assert len(answer.candidates) == 2


def test_many_templates_are_answered_as_each_of_them_alone(
    staff: OpenGallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes = np.random.default_rng(7).normal(size=(25, 3))
    alone = [staff.identify_templates(probe)[0] for probe in probes]
    monkeypatch.setattr(nearest, "AT_ONCE", 40)
    together = staff.identify_templates(probes)
    for one, other in zip(together, alone, strict=True):
        assert one.similarity == pytest.approx(other.similarity, abs=1e-6)
        assert [each.face_id for each in one.candidates] == [
            each.face_id for each in other.candidates
        ]


def test_an_empty_gallery_knows_nobody(gallery: OpenGallery) -> None:
    (answer,) = gallery.identify(photo(RED))
    assert answer.decision is Decision.UNKNOWN
    assert answer.candidates == ()
    assert answer.similarity is None
    assert answer.reason == "nobody is enrolled"


def test_an_image_without_faces_has_no_answers(staff: OpenGallery) -> None:
    assert staff.identify(photo()) == []


def test_face_only_takes_the_whole_image_as_the_face(staff: OpenGallery) -> None:
    (answer,) = staff.identify(np.full((80, 80, 3), RED, np.uint8), face_only=True)
    assert answer.subject is not None
    assert answer.subject.name == "Ada"


def test_a_batch_of_ready_templates_is_answered_in_order(staff: OpenGallery) -> None:
    probes = [[0, 2, 0], [3, 0, 0], [0, 0, 1]]
    answers = staff.identify_templates(probes, top_k=1)
    assert [answer.candidates[0].subject.name for answer in answers] == ["Bob", "Ada", "Ada"]
    assert [answer.decision for answer in answers] == ["match", "match", "unknown"]


def test_no_templates_have_no_answers(staff: OpenGallery) -> None:
    assert staff.identify_templates([]) == []


@pytest.mark.parametrize(
    ("vectors", "error"),
    [
        ([[1, 0, float("nan")]], InvalidValue),
        ([[1, 0, float("inf")]], InvalidValue),
        ([[0, 0, 0]], InvalidValue),
        ([[[1, 0, 0]]], InvalidValue),
        ([[1, 0, 0], [1, 0]], InvalidValue),
        (["a", "b", "c"], InvalidValue),
        ([[1, 0, 0, 0]], TemplateSizeMismatch),
        ([1, 0], TemplateSizeMismatch),
    ],
)
def test_templates_that_are_none_are_refused(
    staff: OpenGallery, vectors: list, error: type[Exception]
) -> None:
    revision = staff.info.revision
    for use in (
        staff.identify_templates,
        lambda given: staff.enroll_templates("Ada", given),
        lambda given: staff.update_template_with("Ada", given),
    ):
        with pytest.raises(error):
            use(vectors)
    assert staff.info.revision == revision


@pytest.mark.parametrize("top_k", [0, 1.5, 20.5])
@pytest.mark.parametrize("colours", [(RED,), ()])
def test_fewer_than_one_candidate_cannot_be_asked_for(
    staff: OpenGallery, top_k: Any, colours: tuple[Any, ...]
) -> None:
    with pytest.raises(InvalidValue, match="top_k"):
        staff.identify(photo(*colours), top_k=top_k)
    with pytest.raises(InvalidValue, match="top_k"):
        staff.identify_templates(np.eye(3)[: len(colours)], top_k=top_k)


def test_what_is_no_image_is_not_enrolled(staff: OpenGallery) -> None:
    for source in (None, BytesIO(photo(RED))):
        with pytest.raises(InvalidValue, match=f"are needed, got {type(source).__name__}"):
            staff.enroll("Ada", source)


def test_what_was_deleted_is_not_named(staff: OpenGallery) -> None:
    staff.delete_subject("Ada")
    (answer,) = staff.identify(photo(RED))
    assert [candidate.subject.name for candidate in answer.candidates] == ["Bob"]
    assert answer.subject is None


def test_another_pack_than_the_gallerys_is_an_error(open_galleries, staff: OpenGallery) -> None:
    other = open_galleries(square_recognizer(model=ModelId("other", "1"))).open("staff")
    for ask in (other.identify, lambda image: other.verify(image, "Ada")):
        with pytest.raises(GalleryModelMismatch) as caught:
            ask(photo(RED))
        assert caught.value.theirs == "fake@1"
        assert caught.value.ours == "other@1"


def test_nothing_is_decided_without_a_threshold(open_galleries, staff: OpenGallery) -> None:
    undecided = open_galleries(square_recognizer(policy=None)).open("staff")
    with pytest.raises(ThresholdMissing):
        undecided.identify(photo(RED))


def test_probability_stands_where_there_is_a_calibration(
    open_galleries, galleries: Galleries
) -> None:
    galleries.create("staff").enroll("Ada", photo(RED))
    plain = square_recognizer()
    pair = PairCalibration((0.0, 1.0), (0.1, 0.8), prior=0.5, protocol="made up")
    search = SearchCalibration((0.0, 1.0), (-2.0, 2.0), 1.0, 0.0, 0.01, 0.99, 0.5, "made up")
    curves = Calibration(pair, search)
    calibrated = open_galleries(Recognizer(plain.pipeline, plain.matching, curves)).open("staff")
    (answer,) = calibrated.identify(photo(RED))
    assert answer.probability == pytest.approx(0.8808, abs=1e-4)
    assert calibrated.verify(photo(RED), "Ada").probability == pytest.approx(0.8)


def test_the_same_similarity_says_less_in_a_larger_gallery(
    open_galleries, galleries: Galleries
) -> None:
    staff = galleries.create("staff")
    staff.enroll("Ada", photo(RED))
    plain = square_recognizer()
    pair = PairCalibration((0.0, 1.0), (0.1, 0.8), prior=0.5, protocol="made up")
    search = SearchCalibration((0.0, 1.0), (-2.0, 2.0), 1.0, 0.0, 0.01, 0.99, 0.5, "made up")
    curves = Calibration(pair, search)
    calibrated = open_galleries(Recognizer(plain.pipeline, plain.matching, curves)).open("staff")
    alone = calibrated.identify(photo(RED))[0].probability
    staff.enroll("Bob", photo(GREEN))
    assert calibrated.identify(photo(RED))[0].probability < alone


def test_under_the_policy_fpir_the_threshold_rises_with_the_gallery(
    open_galleries, galleries: Galleries
) -> None:
    galleries.create("staff").enroll("Ada", photo(RED))
    plain = square_recognizer()
    measured = Recognizer(plain.pipeline, plain.matching, None, made_up_rates())
    staff = open_galleries(measured).open("staff")
    assert staff.identify(photo(RED))[0].threshold == POLICY.threshold
    staff.set_policy(ThresholdPolicy("fpir", 0.001))
    alone = staff.identify(photo(RED))[0].threshold
    assert alone.origin == "policy"
    assert "FPIR 0.001 among 1 subjects" in alone.protocol
    staff.add_subject(NewSubject("Bob"))
    assert staff.identify(photo(RED))[0].threshold.similarity > alone.similarity
    staff.set_policy(ThresholdPolicy("fixed"))
    assert staff.identify(photo(RED))[0].threshold == POLICY.threshold


def test_a_policy_needs_the_rates_that_it_follows(gallery: OpenGallery) -> None:
    gallery.set_policy(ThresholdPolicy("fpir", 0.01))
    with pytest.raises(RatesMissing):
        gallery.identify(photo(RED))


def test_ready_templates_become_faces_that_are_known_again(gallery: OpenGallery) -> None:
    first = gallery.enroll_templates("Ada", [[1, 0, 0], [0.9, 0.1, 0]])
    again = gallery.enroll_templates("Ada", [[1, 0, 0]])
    assert first.created
    assert [face.added for face in first.faces] == [True, True]
    assert [face.added for face in again.faces] == [False]
    assert len(gallery.faces("Ada")) == 2
    assert gallery.faces("Ada")[0].template.similarity(template(1, 0, 0)) == pytest.approx(1)
