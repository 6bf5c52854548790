import numpy as np
import pytest

from vultus.domain.template import ModelId, Template
from vultus.errors import InvalidValue, ModelMismatch

DLIB = ModelId("dlib", "1")


def unit(*values: float) -> Template:
    vector = np.array(values, np.float32)
    return Template(vector / np.linalg.norm(vector), DLIB)


@pytest.mark.parametrize(
    ("one", "other", "cosine"),
    [(unit(1, 0), unit(1, 0), 1), (unit(1, 0), unit(0, 1), 0), (unit(1, 0), unit(-1, 0), -1)],
)
def test_similarity_is_the_cosine(one: Template, other: Template, cosine: float) -> None:
    assert one.similarity(other) == pytest.approx(cosine)


def test_templates_of_two_models_are_not_compared() -> None:
    other = Template(unit(1, 0).vector, ModelId("dlib", "2"))
    with pytest.raises(ModelMismatch, match=r"dlib@1.*dlib@2"):
        unit(1, 0).similarity(other)


@pytest.mark.parametrize("vector", [[0.5, 0.5], [np.nan, 1], [[1.0, 0.0]], []])
def test_a_template_is_one_finite_row_of_norm_one(vector: list[float]) -> None:
    with pytest.raises(InvalidValue):
        Template(np.array(vector, np.float32), DLIB)
