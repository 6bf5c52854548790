"""Making the templates of a dataset, on all cores, without making any twice."""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.templates.cache import TemplateCache
from vultus.evaluation.templates.embedded import MEASURES, Embedded, embed_image
from vultus.evaluation.templates.table import TemplateTable
from vultus.evaluation.threads import in_threads
from vultus.usecases.enroll import Step
from vultus.usecases.recognizer import Recognizer

KEPT_AT_ONCE = 64
"""A process that dies loses the work on so many images at most."""

Read = Callable[[str], bytes]
"""The bytes of the image of a digest."""


def template_table(
    dataset: Dataset,
    recognizer: Recognizer,
    cache: TemplateCache,
    read: Read,
    step: Step | None = None,
) -> TemplateTable:
    """Give the templates of all images; one that cannot be decoded has none, as without a face.

    Args:
        dataset: whose images are meant.
        recognizer: makes the templates; best with one thread, for a thread per core uses it.
        cache: keeps what this recognizer makes.
        read: gives the bytes of an image.
        step: told how many images of all are done.

    Raises:
        DatasetImageLost: an image cannot be obtained; the figures of the others would mislead.
    """
    wanted = list(dict.fromkeys(image.digest for image in dataset.images))
    made = cache.get(wanted)
    missing = [digest for digest in wanted if digest not in made]
    for some in _in_batches(missing, recognizer, read):
        cache.add(some)
        made |= some
        if step is not None:
            step(len(made), len(wanted))
    dim = recognizer.pipeline.embedder.spec.dim
    return _table([made[image.digest] for image in dataset.images], recognizer, dim)


def _in_batches(
    digests: Sequence[str], recognizer: Recognizer, read: Read
) -> Iterator[dict[str, Embedded]]:
    def embed(digest: str) -> Embedded:
        return embed_image(recognizer, read(digest))

    made = zip(digests, in_threads(embed, digests, os.cpu_count() or 1), strict=True)
    while some := dict(islice(made, KEPT_AT_ONCE)):
        yield some


def _table(made: Sequence[Embedded], recognizer: Recognizer, dim: int) -> TemplateTable:
    vectors = np.zeros((len(made), dim), np.float32)
    for row, embedded in enumerate(made):
        if embedded.vector.size:
            vectors[row] = embedded.vector
    measures = np.array([embedded.measures for embedded in made], np.float32).T
    return TemplateTable(
        recognizer.model,
        vectors,
        np.array([embedded.vector.size > 0 for embedded in made], np.bool_),
        np.array([embedded.faces for embedded in made], np.int64),
        dict(zip(MEASURES, measures.reshape(len(MEASURES), -1), strict=True)),
    )
