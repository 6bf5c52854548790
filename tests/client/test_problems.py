import json
from dataclasses import fields
from typing import Any

import pytest

from vultus import errors
from vultus.api.problems import is_inside, problem_of
from vultus.client.problems import known_error
from vultus.errors import PoorQuality, VultusError

VALUES = {"int": 7, "float": 0.5, "str": "something", "tuple": ("something",)}


def raised() -> list[type[VultusError]]:
    kinds = [getattr(errors, name) for name in errors.__all__]
    return [kind for kind in kinds if "sentence" in vars(kind) and kind is not VultusError]


def example(of: type[VultusError]) -> VultusError:
    return of(*(VALUES[getattr(field.type, "__name__", str(field.type))] for field in fields(of)))


@pytest.mark.parametrize("kind", raised(), ids=lambda kind: kind.__name__)
def test_an_error_of_the_server_is_the_same_error_here(kind: type[VultusError]) -> None:
    sent = example(kind)
    problem = json.loads(json.dumps(problem_of(sent, "r1")))
    error = known_error(problem)
    if is_inside(sent) and fields(kind):
        assert error is None
    else:
        assert type(error) is kind
        assert error.facts == sent.facts
        assert str(error) == str(sent)


@pytest.mark.parametrize(
    "problem",
    [
        {},
        {"code": "from_the_future", "detail": "…"},
        {"code": 7},
        {"code": ["no_face"]},
        {"code": "gallery_error", "detail": "a group of errors is none itself"},
        {"code": "gallery_not_found", "detail": "without its fact"},
        {"code": "gallery_not_found", "gallery": 7},
        {"code": "poor_quality", "reasons": "blurred"},
        {"code": "poor_quality", "reasons": [7]},
        {"code": "looks_like_another", "subject": "1", "name": "Ada", "similarity": "high"},
    ],
)
def test_what_is_none_of_our_errors_becomes_none(problem: dict[str, Any]) -> None:
    assert known_error(problem) is None


def test_lists_of_json_are_the_tuples_of_facts() -> None:
    error = known_error({"code": "poor_quality", "reasons": ["too_small", "blurred"]})
    assert isinstance(error, PoorQuality)
    assert error.reasons == ("too_small", "blurred")
    assert "too small, blurred" in str(error)
