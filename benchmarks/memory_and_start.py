"""How much memory does recognising a photo take, and how long until the first face is recognised?

Fresh processes of Vultus and of `face_recognition` in turns, one thread each. The clock runs from
the start of the process (its files may be in the system's cache) to the template of the face in a
photo of 640x480; then the process says how much memory it holds. Needs Linux.
"""

from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.harness import Answer, in_turns, options, summary, write_result
from benchmarks.peers import FACE_RECOGNITION, ONE_THREAD, Worker
from benchmarks.photos import fitted, sample_photos

PHOTO = "lennon_1.jpg"


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--photo", type=Path, help=f"a photo of one face (samples/{PHOTO})")
    parser.add_argument("--repeats", type=int, default=7)
    chosen = parser.parse_args()
    photo = chosen.photo or sample_photos(chosen.data, [PHOTO], chosen.cache)[0]
    scaled = fitted(photo, 640, 480, chosen.cache)
    peer = FACE_RECOGNITION.python(chosen.cache)
    starts = {
        "vultus": partial(_start, scaled, "vultus_worker"),
        "face_recognition": partial(_start, scaled, "face_recognition_worker", peer),
    }
    answers = in_turns(starts, warm_up=1, repeats=chosen.repeats)
    results = {
        name: {key: summary([answer[key] for answer in given]) for key in given[0]}
        for name, given in answers.items()
    }
    settings = {"photo": photo.name, "warm_up": 1, "threads": ONE_THREAD}
    write_result(chosen.results, "memory_and_start", __doc__, settings, results)


def _start(photo: Path, script: str, interpreter: Path | None = None) -> Answer:
    start = perf_counter()
    with Worker(script, interpreter) as worker:
        worker.ask("templates", photo=str(photo))
        return {"first_face_s": perf_counter() - start, **worker.ask("memory")}


if __name__ == "__main__":
    main()
