"""Does the service stay as it is under full load for minutes: no error, and no more memory?"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.harness import options, write_result
from benchmarks.live_service import home_with_packs, live_service
from benchmarks.load import load
from benchmarks.photos import fitted, sample_photos
from benchmarks.service import PHOTOS, enroll, identifying
from vultus.settings import load_settings

QUESTION = "Does the service stay as it is under full load for minutes?"


def main() -> None:
    """Load it minute after minute, and write what each was like."""
    parser = options(QUESTION)
    parser.add_argument("--minutes", type=int, default=5)
    parser.add_argument("--minute-s", type=float, default=60.0, help="length of one (%(default)s)")
    parser.add_argument("--clients", type=int, default=16)
    arguments = parser.parse_args()
    samples = sample_photos(arguments.data, PHOTOS, arguments.cache)
    photos = [fitted(photo, 640, 480, arguments.cache).read_bytes() for photo in samples]
    post = identifying(photos[-1])
    minutes: list[dict[str, Any]] = []
    with TemporaryDirectory(prefix="vultus-") as directory:
        home = home_with_packs(Path(directory), load_settings().home)
        with live_service(home) as service:
            enroll(service, photos[:1])
            for number in range(1, arguments.minutes + 1):
                found = load(service.url, post, arguments.clients, arguments.minute_s)
                rss_mib = round(_rss_mib(service.process.pid), 1)
                minutes.append({"minute": number, "rss_mib": rss_mib, **found})
                print(minutes[-1], flush=True)
    growth = round(minutes[-1]["rss_mib"] / minutes[0]["rss_mib"] - 1, 4)
    results = {"minutes": minutes, "rss_growth_after_first": growth}
    chosen = {"clients": arguments.clients, "minute_s": arguments.minute_s}
    write_result(arguments.results, "service_soak", QUESTION, chosen, results)


def _rss_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
