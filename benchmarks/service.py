"""What does it cost to ask over HTTP what the library would answer?

One photo of 640x480 is identified by the library in this process, and over loopback by a service in
another; clients are a third. First one after the other, then by 16 clients at once against two
threads of the library: a service of one process with two threads, and one of two processes. They
take turns.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import vultus
from benchmarks.harness import CHECKOUT, options, summary, write_result
from benchmarks.live_service import LiveService, home_with_packs, live_service
from benchmarks.photos import fitted, sample_photos
from vultus.bootstrap.service import with_threads
from vultus.settings import load_settings

QUESTION = "What does it cost to ask over HTTP what the library would answer?"
LOAD = CHECKOUT / "benchmarks" / "workers" / "http_load.py"
PHOTOS = ("clapton_1.jpg", "clapton_2.jpg")
GALLERY = "people"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Bench:
    """The library with a gallery, a service with the same, and the photo that both are asked."""

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
        return _figures([ms for one in found for ms in one], perf_counter() - begun)

    def over_http(self, service: LiveService, clients: int, seconds: float) -> dict[str, Any]:
        """Ask a service from some clients for some time."""
        body, kind = form(self.photo)
        answer = ask(service, f"/v1/galleries/{GALLERY}/identify", body, kind, clients, seconds)
        figures = _figures(answer["ms"], answer["seconds"])
        return figures | {"statuses": answer["statuses"], "clients_cpu_s": answer["cpu_s"]}

    def _ask_until(self, until: float) -> list[float]:
        taken = []
        while perf_counter() < until:
            begun = perf_counter()
            self.gallery.identify(self.photo)
            taken.append((perf_counter() - begun) * 1e3)
        return taken


def ask(
    service: LiveService, path: str, body: bytes, kind: str, clients: int, seconds: float
) -> dict[str, Any]:
    """Let clients in a process of their own ask a service for some time."""
    port = service.url.rpartition(":")[2]
    command = [sys.executable, str(LOAD), "--port", port, "--path", path, "--kind", kind]
    command += ["--clients", str(clients), "--seconds", str(seconds)]
    run = subprocess.run(command, input=body, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def form(photo: bytes) -> tuple[bytes, str]:
    """A photo as the body of a request, and what kind of body that is."""
    head = b'--photo\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    return head + photo + b"\r\n--photo--\r\n", "multipart/form-data; boundary=photo"


def enroll(service: LiveService, photos: list[bytes]) -> None:
    """Make the gallery that is asked."""
    with service.client() as client:
        client.post("/v1/galleries", json={"name": GALLERY}).raise_for_status()
        for number, photo in enumerate(photos):
            files = [("image", ("a", photo)), ("subject", (None, f'{{"name": "{number}"}}'))]
            client.post(f"/v1/galleries/{GALLERY}/faces", files=files).raise_for_status()


def _figures(ms: list[float], seconds: float) -> dict[str, Any]:
    return {"ms": summary(ms), "per_second": round(len(ms) / seconds, 2)}


def main() -> None:
    """Measure, and write the result."""
    parser = options(QUESTION)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each turn (%(default)s)")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    settings = with_threads(load_settings())
    vultus.load(settings=settings)
    samples = sample_photos(arguments.data, PHOTOS, arguments.cache)
    photos = [fitted(photo, 640, 480, arguments.cache).read_bytes() for photo in samples]
    with TemporaryDirectory(prefix="vultus-") as directory:
        home = home_with_packs(Path(directory), settings.home)
        with (
            live_service(home, VULTUS_SERVICE__THREADS=str(THREADS)) as service,
            live_service(home, VULTUS_SERVICE__PROCESSES=str(THREADS)) as several,
        ):
            enroll(service, photos[:1])
            own = settings.model_copy(update={"home": home})
            with vultus.open_gallery(GALLERY, settings=own) as gallery:
                bench = Bench(gallery, service, several, photos[-1])
                results = _measure(bench, arguments.clients, arguments.seconds, arguments.turns)
    chosen = {"clients": arguments.clients, "seconds": arguments.seconds, "threads": THREADS}
    write_result(arguments.results, "service", QUESTION, chosen, results)


def _measure(bench: Bench, clients: int, seconds: float, turns: int) -> dict[str, Any]:
    bench.library(1, 2.0)
    for service in (bench.service, bench.several):
        bench.over_http(service, clients, 2.0)
    found: dict[str, list[dict[str, Any]]] = {
        "library_alone": [],
        "http_alone": [],
        "library_two_threads": [],
        "http_many_clients": [],
        "http_many_clients_two_processes": [],
    }
    for _ in range(turns):
        found["library_alone"].append(bench.library(1, seconds))
        found["http_alone"].append(bench.over_http(bench.service, 1, seconds))
        found["library_two_threads"].append(bench.library(THREADS, seconds))
        found["http_many_clients"].append(bench.over_http(bench.service, clients, seconds))
        found["http_many_clients_two_processes"].append(
            bench.over_http(bench.several, clients, seconds)
        )
    return found | {"ratios": _ratios(found, clients)}


def _ratios(found: dict[str, list[dict[str, Any]]], clients: int) -> dict[str, Any]:
    """What HTTP costs: medians over the turns."""

    def median(name: str, *path: str) -> float:
        values = []
        for turn in found[name]:
            value: Any = turn
            for key in path:
                value = value[key]
            values.append(float(value))
        return sorted(values)[len(values) // 2]

    def of_many(name: str) -> dict[str, float]:
        throughput = median(name, "per_second")
        return {
            "throughput": round(throughput / median("library_two_threads", "per_second"), 3),
            "p95_by_clients_over_throughput": round(
                median(name, "ms", "p95") / (1e3 * clients / throughput), 3
            ),
        }

    latency = median("http_alone", "ms", "median") / median("library_alone", "ms", "median")
    return {
        "latency": round(latency, 3),
        "one_process": of_many("http_many_clients"),
        "two_processes": of_many("http_many_clients_two_processes"),
    }


if __name__ == "__main__":
    main()
