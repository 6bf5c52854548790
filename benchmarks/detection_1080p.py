"""How long does detection take at 1920x1080, and do both detectors find the same faces?

Vultus's detector against the MTCNN of facenet-pytorch, smallest face 40 px, on one thread, in
turns, on decoded pixels. Two boxes agree when their intersection over union exceeds 0.5; that is
counted over all sample photos.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.harness import Answer, in_turns, options, summary, write_result
from benchmarks.peers import FACENET_PYTORCH, ONE_THREAD, Worker
from benchmarks.photos import fitted, sample_photos
from vultus.domain.face import Box

PHOTOS = ("lennon_1.jpg", "serena_williams_2.jpg", "group_3.jpg", "group_5.jpg", "group_7.jpg")
SIZE_PX = 1920, 1080
LEAST_IOU = 0.5


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--photos", type=Path, nargs="+", help=f"photos (samples/{PHOTOS})")
    parser.add_argument("--repeats", type=int, default=10)
    chosen = parser.parse_args()
    photos = chosen.photos or sample_photos(chosen.data, PHOTOS, chosen.cache)
    samples = chosen.photos or sorted((chosen.data / "samples").glob("*.jpg")) or photos
    with (
        Worker("vultus_worker") as ours,
        Worker("facenet_mtcnn_worker", FACENET_PYTORCH.python(chosen.cache)) as theirs,
    ):
        peers = {"vultus": ours, "facenet_pytorch": theirs}
        results = {
            "agreement": _agreement(
                peers, [fitted(photo, *SIZE_PX, chosen.cache) for photo in samples]
            ),
            "ms": {
                photo.name: _times(peers, fitted(photo, *SIZE_PX, chosen.cache), chosen.repeats)
                for photo in photos
            },
        }
        about = {name: peer.ask("about") for name, peer in peers.items()}
    settings = {"min_face_px": 40, "warm_up": 2, "threads": ONE_THREAD, "peers": about}
    write_result(chosen.results, "detection_1080p", __doc__, settings, results)


def _times(peers: dict[str, Worker], photo: Path, repeats: int) -> Answer:
    answers = in_turns(_asks(peers, photo), warm_up=2, repeats=repeats)
    times = {name: summary([answer["ms"] for answer in given]) for name, given in answers.items()}
    ours, theirs = (given["median"] for given in times.values())
    return {"ratio_of_medians": round(theirs / ours, 2), **times}


def _agreement(peers: dict[str, Worker], photos: Sequence[Path]) -> Answer:
    counts = Counter[str]()
    for photo in photos:
        answers = [ask()["boxes"] for ask in _asks(peers, photo).values()]
        ours, theirs = ([Box(*xyxy) for xyxy in boxes] for boxes in answers)
        counts["ours"] += len(ours)
        counts["theirs"] += len(theirs)
        counts["ours_found_by_them"] += _found(ours, theirs)
        counts["theirs_found_by_us"] += _found(theirs, ours)
    return {"photos": len(photos), **counts}


def _asks(peers: dict[str, Worker], photo: Path) -> dict[str, Callable[[], Answer]]:
    return {name: partial(peer.ask, "detect", photo=str(photo)) for name, peer in peers.items()}


def _found(boxes: list[Box], others: list[Box]) -> int:
    return sum(any(box.iou(other) > LEAST_IOU for other in others) for box in boxes)


if __name__ == "__main__":
    main()
