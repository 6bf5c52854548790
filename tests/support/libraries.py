"""Libraries of datasets in memory, and folders to import."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from fakes import MemoryBlobs
from painted import Colour, painted
from vultus.evaluation.datasets.images import DatasetImages
from vultus.evaluation.datasets.library import DatasetLibrary

MAX_BYTES = 100_000


def memory_library(blobs: MemoryBlobs, places: MemoryBlobs | None = None) -> DatasetLibrary:
    """A library over these blobs, as another process would open it."""
    kept = MemoryBlobs() if places is None else places
    return DatasetLibrary(blobs, DatasetImages(blobs, kept, MAX_BYTES), nullcontext())


def painted_people(folder: Path, people: Mapping[str, tuple[Colour, ...]]) -> Path:
    """A folder per person, with a photo of each colour: 0.png, 1.png …"""
    for person, colours in people.items():
        for number, colour in enumerate(colours):
            painted(folder / person / f"{number}.png", colour)
    return folder
