"""What does it cost to ask over HTTP what the library would answer?

One photo of 640x480 is identified by the library in this process, and over loopback by a service in
another; clients are a third. First one after the other, then by 16 clients at once against two
threads of the library: a service of one process with two threads, and one of two processes. They
take turns. Each round has processes of its own, of the library too: of two that run the same, one
is faster by up to a twentieth, for as long as it lives.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import vultus
from benchmarks.harness import in_turns, options, summary, write_result
from benchmarks.live_service import LiveService, home_with_packs, live_service
from benchmarks.load import Post, load
from benchmarks.photos import fitted, sample_photos
from vultus.bootstrap.service import with_threads
from vultus.settings import Settings, load_settings

QUESTION = "What does it cost to ask over HTTP what the library would answer?"
PHOTOS = ("clapton_1.jpg", "clapton_2.jpg")
GALLERY = "people"
THREADS = 2


Turns = dict[str, list[dict[str, Any]]]
"""What each turn gave, by who was asked."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The library with a gallery, two services with the same, and the photo that all are asked."""

    gallery: vultus.OpenGallery
    service: LiveService
    several: LiveService
    photo: bytes

    def library(self, threads: int, seconds: float) -> dict[str, Any]:
        """Ask the library from some threads for some time."""
        until = perf_counter() + seconds
        begun = perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(lambda _: self._ask_until(until), range(threads)))
        answers = [ms for one in found for ms in one]
        return {
            "ms": summary(answers),
            "per_second": round(len(answers) / (perf_counter() - begun), 2),
        }

    def over_http(self, service: LiveService, clients: int, seconds: float) -> dict[str, Any]:
        """Ask a service from some clients for some time."""
        return load(service.url, identifying(self.photo), clients, seconds)

    def _ask_until(self, until: float) -> list[float]:
        taken = []
        while perf_counter() < until:
            begun = perf_counter()
            self.gallery.identify(self.photo)
            taken.append((perf_counter() - begun) * 1e3)
        return taken


def identifying(photo: bytes) -> Post:
    """The request that names the faces of a photo."""
    head = b'--photo\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    body = head + photo + b"\r\n--photo--\r\n"
    return Post(f"/v1/galleries/{GALLERY}/identify", body, "multipart/form-data; boundary=photo")


def enroll(service: LiveService, photos: list[bytes]) -> None:
    """Make the gallery that is asked."""
    with service.client() as client:
        client.post("/v1/galleries", json={"name": GALLERY}).raise_for_status()
        for number, photo in enumerate(photos):
            files = [("image", ("a", photo)), ("subject", (None, f'{{"name": "{number}"}}'))]
            client.post(f"/v1/galleries/{GALLERY}/faces", files=files).raise_for_status()


def main() -> None:
    """Measure, and write the result."""
    parser = options(QUESTION)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each turn (%(default)s)")
    parser.add_argument("--turns", type=int, default=4, help="in each round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    samples = sample_photos(arguments.data, PHOTOS, arguments.cache)
    photos = [fitted(photo, 640, 480, arguments.cache).read_bytes() for photo in samples]
    measure = partial(_round, photos, arguments.clients, arguments.seconds, arguments.turns)
    found: Turns = defaultdict(list)
    for _ in range(arguments.rounds):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as anew:
            for name, turns in anew.submit(measure).result().items():
                found[name] += turns
    chosen = {name: vars(arguments)[name] for name in ("clients", "seconds", "turns", "rounds")}
    results = {**found, "ratios": _ratios(found, arguments.clients)}
    write_result(arguments.results, "service", QUESTION, {**chosen, "threads": THREADS}, results)


def _round(photos: list[bytes], clients: int, seconds: float, turns: int) -> Turns:
    settings = with_threads(load_settings())
    vultus.load(settings=settings)
    with prepared(photos, settings) as bench:
        asked: dict[str, Callable[[], dict[str, Any]]] = {
            "library_alone": lambda: bench.library(1, seconds),
            "http_alone": lambda: bench.over_http(bench.service, 1, seconds),
            "library_two_threads": lambda: bench.library(THREADS, seconds),
            "http_many_clients": lambda: bench.over_http(bench.service, clients, seconds),
            "http_many_clients_two_processes": lambda: bench.over_http(
                bench.several, clients, seconds
            ),
        }
        return in_turns(asked, warm_up=1, repeats=turns)


@contextmanager
def prepared(photos: list[bytes], settings: Settings) -> Iterator[Bench]:
    """Services that were started anew, with a gallery that the library has open too."""
    with TemporaryDirectory(prefix="vultus-") as directory:
        home = home_with_packs(Path(directory), settings.home)
        with (
            live_service(home, VULTUS_SERVICE__THREADS=str(THREADS)) as service,
            live_service(home, VULTUS_SERVICE__PROCESSES=str(THREADS)) as several,
        ):
            enroll(service, photos[:1])
            own = settings.model_copy(update={"home": home})
            with vultus.open_gallery(GALLERY, settings=own) as gallery:
                yield Bench(gallery, service, several, photos[-1])


def _ratios(found: Turns, clients: int) -> dict[str, Any]:
    """What HTTP costs: each time against the library's turn just before; medians over the turns."""

    def of_many(name: str) -> dict[str, float]:
        pairs = list(zip(found[name], found["library_two_threads"], strict=True))
        return {
            "throughput": _median(http["per_second"] / own["per_second"] for http, own in pairs),
            "p95_by_clients_over_throughput": _median(
                turn["ms"]["p95"] * turn["per_second"] / (1e3 * clients) for turn in found[name]
            ),
        }

    alone = zip(found["http_alone"], found["library_alone"], strict=True)
    return {
        "latency": _median(http["ms"]["median"] / own["ms"]["median"] for http, own in alone),
        "one_process": of_many("http_many_clients"),
        "two_processes": of_many("http_many_clients_two_processes"),
    }


def _median(values: Iterable[float]) -> float:
    return round(median(values), 3)


if __name__ == "__main__":
    main()
