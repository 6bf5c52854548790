"""Enrolls batch after batch until it is killed, and says of each when it is written.

`python store_writer.py URL GALLERY_ID`; the first line says "ready", each other which batch it was.
"""

import sys
from itertools import count

import numpy as np

from vultus.domain.changes import NewSubject
from vultus.domain.template import ModelId, Template
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import Enrolling, NewFace

MODEL = ModelId("written", "1")
DIM = 128
SUBJECTS = 100
"""Subjects in a batch; every third of them has two faces."""


def batch(number: int) -> list[Enrolling]:
    """The subjects of a batch: the same for the same number."""
    chance = np.random.default_rng(number)
    return [_entry(number, index, chance) for index in range(SUBJECTS)]


def _entry(number: int, index: int, chance: np.random.Generator) -> Enrolling:
    name = f"batch{number} subject{index}"
    vectors = chance.standard_normal((1 + (index % 3 == 0), DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    faces = [
        NewFace(Template(vector, MODEL), source_digest=f"{number}-{index}-{nth}")
        for nth, vector in enumerate(vectors)
    ]
    return Enrolling(NewSubject(name, external_id=name), faces)


def main() -> None:
    url, gallery_id = sys.argv[1:]
    store = open_store(url)
    print("ready", flush=True)
    for number in count():
        store.enroll(gallery_id, batch(number), actor="writer")
        print(number, flush=True)


if __name__ == "__main__":
    main()
