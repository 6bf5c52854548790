"""Makes what the pack `dlib` brings for its 8-bit network: ranges of activations, and proofs.

The ranges are those of one photo each of 200 people of LFW whom View 2 does not know, so that the
accuracy measured there is not one of photos that were used here. The proofs are what the network in
floats gives for portraits in the public domain.
"""

import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

import vultus
from benchmarks.harness import options
from benchmarks.lfw import lfw_folder, photos_of, read_pairs, read_photos
from vultus.bootstrap.packs import network_factory, open_library, package_source
from vultus.cli.portraits import obtain_portraits
from vultus.models.inference.port import Network
from vultus.models.packs.importers.probes import Probes, write_probes
from vultus.models.packs.importers.ranges import dump_ranges, measure_ranges
from vultus.models.packs.library import SHIPPED
from vultus.vision.detect.select import choose
from vultus.vision.pipeline import FacePipeline
from vultus.vision.read import ImageSource

PEOPLE = 200
BATCH = 8
PORTRAITS = (
    "people/Barack Obama/official.jpg",
    "people/Eileen Collins/astronaut.png",
    "photos/address.jpg",
    "photos/stranger.jpg",
)


def main() -> None:
    chosen = options(__doc__).parse_args()
    lfw = lfw_folder(chosen)
    settings = vultus.load_settings(pack="dlib-fp32", inference={"threads": 1})
    pipeline = vultus.load(settings=settings).pipeline
    pack = open_library(settings).open("dlib-fp32")
    network = pack.read(pack.manifest.embedder.network)
    open_network = network_factory(settings)

    archive = lfw / "lfw-rest.tar"
    photos = photos_of_strangers(archive, (lfw / "pairs.txt").read_text(), PEOPLE)
    chips = _chips(pipeline, [data for _, data in read_photos(archive, photos)])
    batches = (_tensor(chips[start : start + BATCH]) for start in range(0, len(chips), BATCH))
    ranges = measure_ranges(onnx.load_model_from_string(network), batches, open_network)
    (SHIPPED / "dlib" / "ranges.json").write_text(dump_ranges(ranges))

    folder = chosen.cache / "portraits"
    obtain_portraits(package_source(), folder, lambda what, done, size: None)
    probes = _probes(
        pipeline, [folder / name for name in PORTRAITS], open_network("floats", network)
    )
    write_probes(SHIPPED / "dlib" / "probes.npz", probes)


def photos_of_strangers(archive: Path, pairs: str, people: int) -> list[str]:
    """The first photos of people whom no pair names, at even distances in order of name."""
    known = {_person(photo) for photo in photos_of(read_pairs(pairs))}
    with tarfile.open(archive, "r:") as tar:
        photos = sorted(member.name for member in tar if member.isfile())
    first = {_person(photo): photo for photo in reversed(photos)}
    strangers = sorted(photo for person, photo in first.items() if person not in known)
    return [strangers[i] for i in np.linspace(0, len(strangers) - 1, people).astype(int)]


def _person(photo: str) -> str:
    return Path(photo).parent.name


def _chips(pipeline: FacePipeline, photos: Sequence[ImageSource]) -> NDArray[np.uint8]:
    """The largest face of every photo in which there is one, (N, 150, 150, 3)."""
    chips = []
    for photo in photos:
        rgb = pipeline.reader.read(photo).rgb
        faces = choose(pipeline.detector.detect(rgb), 1, "largest_first")
        chips.append(pipeline.aligner.chips(rgb, [face.landmarks for face in faces]))
    return np.concatenate(chips)


def _probes(pipeline: FacePipeline, photos: Sequence[ImageSource], network: Network) -> Probes:
    chips = _chips(pipeline, photos)
    return Probes(chips, network.run({"chips": _tensor(chips)})["embeddings"])


def _tensor(chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.ascontiguousarray(chips.transpose(0, 3, 1, 2), np.float32)


if __name__ == "__main__":
    main()
