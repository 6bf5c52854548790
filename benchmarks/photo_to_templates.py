"""How long does it take from a photo's file to the template of its one face?

Vultus against `face_recognition`, both with default settings, on one thread, in turns. Decoding the
JPEG is part of it; loading the models is not.
"""

from functools import partial
from pathlib import Path

from benchmarks.harness import Answer, in_turns, options, summary, write_result
from benchmarks.peers import FACE_RECOGNITION, ONE_THREAD, Worker
from benchmarks.photos import fitted, sample_photos

PHOTO = "lennon_1.jpg"
SIZES_PX = ((640, 480), (1920, 1080))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--photo", type=Path, help=f"a photo of one face (samples/{PHOTO})")
    parser.add_argument("--repeats", type=int, default=20)
    chosen = parser.parse_args()
    photo = chosen.photo or sample_photos(chosen.data, [PHOTO], chosen.cache)[0]
    with (
        Worker("vultus_worker") as ours,
        Worker("face_recognition_worker", FACE_RECOGNITION.python(chosen.cache)) as theirs,
    ):
        peers = {"vultus": ours, "face_recognition": theirs}
        results = {
            f"{width}x{height}": _measure(
                peers, fitted(photo, width, height, chosen.cache), chosen.repeats
            )
            for width, height in SIZES_PX
        }
        about = {name: peer.ask("about") for name, peer in peers.items()}
    settings = {"photo": photo.name, "warm_up": 3, "threads": ONE_THREAD, "peers": about}
    write_result(chosen.results, "photo_to_templates", __doc__, settings, results)


def _measure(peers: dict[str, Worker], photo: Path, repeats: int) -> Answer:
    asks = {name: partial(peer.ask, "templates", photo=str(photo)) for name, peer in peers.items()}
    answers = in_turns(asks, warm_up=3, repeats=repeats)
    return {
        name: {"ms": summary([answer["ms"] for answer in given]), "faces": given[0]["faces"]}
        for name, given in answers.items()
    }


if __name__ == "__main__":
    main()
