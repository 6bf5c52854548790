import numpy as np
from numpy.typing import NDArray

from vultus.gallery.search.port import Hits
from vultus.gallery.search.ranking import Candidates, no_hits
from vultus.gallery.search.widening import best_by_widening


class Faces:
    """Faces of one probe, most similar first; it counts what it is asked."""

    def __init__(self, subjects: list[int]) -> None:
        self._subjects = np.array(subjects, np.int64)
        self.looks: list[tuple[int, int]] = []
        self.compared = 0

    def look(
        self, probes: NDArray[np.float32], width: int
    ) -> tuple[Candidates, NDArray[np.float32]]:
        self.looks.append((len(probes), width))
        count = min(width, len(self._subjects))
        rows = np.ones((len(probes), 1), np.int64)
        cosines = np.linspace(1, -1, len(self._subjects), dtype=np.float32)
        others = cosines[count - 1] if count < len(self._subjects) else -np.inf
        candidates = Candidates(
            rows * self._subjects[:count], rows * np.arange(count), rows * cosines[:count]
        )
        return candidates, np.full(len(probes), others, np.float32)

    def compare(self, probes: NDArray[np.float32]) -> Hits:
        self.compared += len(probes)
        return no_hits(len(probes), 2)


PROBES = np.zeros((3, 4), np.float32)


def test_as_a_rule_one_look_is_enough() -> None:
    faces = Faces([1, 1, 1, 2, 2, 3] * 50)
    hits = best_by_widening(PROBES, 2, faces.look, faces.compare)
    assert hits.subjects.tolist() == [[1, 2]] * 3
    assert (faces.looks, faces.compared) == ([(3, 25)], 0)


def test_where_a_subject_has_many_faces_it_looks_at_more() -> None:
    faces = Faces([1] * 100 + [2, 3] * 500)
    hits = best_by_widening(PROBES, 2, faces.look, faces.compare)
    assert hits.subjects.tolist() == [[1, 2]] * 3
    assert (faces.looks, faces.compared) == ([(3, 25), (3, 200)], 0)


def test_where_no_number_of_faces_settles_it_all_are_compared() -> None:
    faces = Faces([1] * 5_000 + [2])
    best_by_widening(PROBES, 2, faces.look, faces.compare)
    assert (len(faces.looks), faces.compared) == (3, 3)
