import pytest

from vultus.matching.size import SearchSize


@pytest.mark.parametrize(
    ("subjects", "faces", "comparisons", "per_subject"),
    [
        (10, 10, 10, 1.0),
        (10, 20, 30, 3.0),
        (10, 30, 40, 4.0),
        (10, 15, 20, 2.0),
        (10, 4, 10, 1.0),
        (0, 0, 0, 1.0),
    ],
)
def test_a_probe_is_compared_with_every_face_and_with_means_of_several(
    subjects: int, faces: int, comparisons: int, per_subject: float
) -> None:
    size = SearchSize.of(subjects, faces)
    assert (size.comparisons, size.per_subject) == (comparisons, per_subject)
