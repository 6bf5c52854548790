import pickle
import re
from dataclasses import fields

import pytest

from vultus import errors
from vultus.errors import VultusError


def subclasses(of: type[VultusError] = VultusError) -> list[type[VultusError]]:
    return [each for sub in of.__subclasses__() for each in (sub, *subclasses(sub))]


CLASSES = [each for each in subclasses() if each.__module__.startswith("vultus.errors.")]
RAISED = [each for each in CLASSES if not each.__subclasses__()]
VALUES = {"int": 7, "float": 0.5, "str": "something", "tuple": ("something",)}


def example(of: type[VultusError]) -> VultusError:
    return of(*(VALUES[getattr(field.type, "__name__", str(field.type))] for field in fields(of)))


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [each.code for each in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", code) for code in codes)


@pytest.mark.parametrize("of", RAISED, ids=lambda of: of.__name__)
def test_an_error_says_its_facts_in_a_whole_sentence(of: type[VultusError]) -> None:
    said = str(example(of))
    assert said.endswith((".", "}", "again")) or "Run: vultus" in said
    assert "{" not in said


@pytest.mark.parametrize("of", RAISED, ids=lambda of: of.__name__)
def test_an_error_survives_the_way_between_processes(of: type[VultusError]) -> None:
    error = example(of).about("second")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is of
    assert copy.facts == error.facts
    assert copy.image == "second"


@pytest.mark.parametrize("of", CLASSES, ids=lambda of: of.__name__)
def test_the_tree_at_the_top_of_the_module_names_every_error(of: type[VultusError]) -> None:
    assert of.__name__ in (errors.__doc__ or "")
