from typing import Any

import numpy as np
import pytest

from vultus.domain.gallery import SubjectTemplates
from vultus.domain.subject import Subject
from vultus.errors import InvalidValue
from vultus.matching.calibration import SearchCalibration, SearchProbabilities
from vultus.matching.policy import Decision, Policy
from vultus.matching.size import SearchSize
from vultus.matching.thresholds import Threshold
from vultus.usecases.identification import Identification, rank

POLICY = Policy(Threshold(0.9, "pack", fmr=1e-3, protocol="made up"), uncertain_from=0.8)
ADA, BOB = (Subject(name, name) for name in ("Ada", "Bob"))
X, Y = np.eye(2, dtype=np.float32)
TEMPLATES = SubjectTemplates(
    subjects=(ADA, BOB),
    starts=np.array([0, 1]),
    face_ids=("a", "b"),
    vectors=np.array([X, Y]),
    resultants=np.ones(2, np.float32),
)


def identified(
    x: float, y: float, probabilities: SearchProbabilities | None = None
) -> Identification:
    probe = np.array([[x, y]], np.float32) / np.hypot(x, y)
    (candidates,) = rank(probe, TEMPLATES, 2, probabilities)
    return Identification(candidates, POLICY)


@pytest.mark.parametrize(
    ("probe", "decision"),
    [((1, 0.1), Decision.MATCH), ((1, 0.6), Decision.UNCERTAIN), ((-1, -1), Decision.UNKNOWN)],
)
def test_only_a_match_names_a_subject(probe: tuple[float, float], decision: Decision) -> None:
    answer = identified(*probe)
    assert answer.decision is decision
    assert answer.subject == (ADA if decision is Decision.MATCH else None)
    assert [candidate.subject for candidate in answer.candidates] == [ADA, BOB]


def test_the_answer_is_about_the_best_candidate() -> None:
    answer = identified(0.1, 1)
    assert answer.similarity == answer.candidates[0].similarity
    assert answer.candidates[0].face_id == "b"
    assert answer.reason == "similarity 0.995 reaches the threshold 0.900"
    assert answer.threshold.origin == "pack"


def test_probability_stands_only_where_there_is_a_calibration_of_searches() -> None:
    curve = SearchCalibration((0.0, 1.0), (-2.0, 2.0), 1.0, 0.0, 0.01, 0.99, 0.5, "made up")
    assert identified(1, 0).probability is None
    sure, unsure = (
        identified(1, 0, SearchProbabilities(curve, SearchSize.of(subjects, subjects)))
        for subjects in (1, 100)
    )
    assert sure.probability == pytest.approx(0.8808, abs=1e-4)
    assert unsure.probability == pytest.approx(0.0688, abs=1e-4)
    assert sum(candidate.probability or 0 for candidate in sure.candidates) < 1


def test_where_nobody_is_enrolled_everybody_is_unknown() -> None:
    nobody = Identification((), POLICY)
    assert nobody.decision is Decision.UNKNOWN
    assert (nobody.subject, nobody.similarity, nobody.probability) == (None, None, None)
    assert nobody.reason == "nobody is enrolled"


def test_every_probe_has_its_own_candidates_in_order() -> None:
    first, second = rank(np.array([Y, X]), TEMPLATES, 1, None)
    assert [first[0].subject, second[0].subject] == [BOB, ADA]


@pytest.mark.parametrize("k", [0, -1, 1.5, 2.0, "3", None, True])
def test_no_candidates_and_parts_of_them_cannot_be_asked_for(k: Any) -> None:
    with pytest.raises(InvalidValue, match="top_k"):
        rank(np.array([X]), TEMPLATES, k, None)


def test_any_kind_of_whole_number_of_candidates_will_do() -> None:
    (found,) = rank(np.array([X]), TEMPLATES, np.int64(1), None)
    assert len(found) == 1
