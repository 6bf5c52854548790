"""The service as a process of its own takes no more memory than docs/service.md says."""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from PIL import Image

import hostile_images as hostile
from benchmarks.live_service import LiveService, home_with_packs, live_service
from hostile_bodies import FORM, forms, json_bodies
from vultus.vision.decode import DecodeLimits

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="/proc is needed"),
]

MEBIBYTE = 2**20
THREADS = 2
BODY_BYTES, BODIES_BYTES = 24 * MEBIBYTE, 192 * MEBIBYTE
LIMITS = DecodeLimits(8 * MEBIBYTE, 12_000_000, 16_384, 1_000)

# As docs/service.md has them.
AT_REST_BYTES = 256 * MEBIBYTE
WORK_BYTES = 200 * MEBIBYTE
STATED_BYTES = AT_REST_BYTES + BODIES_BYTES + THREADS * (WORK_BYTES + 4 * BODY_BYTES)

PATHS = (
    "/v1/galleries/people/search?top_k=5",
    "/v1/galleries/people/subjects/Ada/faces",
    "/v1/galleries/people/faces",
    "/v1/galleries/people/subjects",
    "/v1/detect",
    "/v1/verify",
    "/infer",
    "/embedding",
    "/generate",
    "/api/v1/recognize",
    "/api/v1/recognition/recognize",
    "/api/v1/recognition/embeddings/recognize",
    "/api/v1/recognition/faces/delete",
    "/api/v1/verification/embeddings/verify",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, vultus_home: Path) -> Iterator[LiveService]:
    """One with the limits above, with Ada and many others in its gallery."""
    home = home_with_packs(tmp_path_factory.mktemp("home"), vultus_home)
    limits = {
        "VULTUS_SERVICE__THREADS": THREADS,
        "VULTUS_SERVICE__MAX_BODY_BYTES": BODY_BYTES,
        "VULTUS_SERVICE__BODIES_BYTES": BODIES_BYTES,
        "VULTUS_DECODE__MAX_BYTES": LIMITS.max_bytes,
        "VULTUS_DECODE__MAX_PIXELS": LIMITS.max_pixels,
    }
    with live_service(home, **{name: str(value) for name, value in limits.items()}) as service:
        with service.client() as client:
            client.post("/v1/galleries", json={"name": "people"})
            client.post("/v1/galleries/people/subjects", json={"name": "Ada"})
            for number, row in enumerate(np.random.default_rng(7).normal(size=(500, 128)).tolist()):
                new = {"subject": {"name": f"{number}"}, "templates": [row]}
                client.post("/v1/galleries/people/faces", json=new)
        yield service


def resident_bytes(service: LiveService, what: str) -> int:
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    found = re.search(rf"{what}:\s+(\d+)", status)
    assert found
    return 1024 * int(found[1])


def peak_bytes(service: LiveService, *asked: Callable[[httpx2.Client], httpx2.Response]) -> int:
    """The most that it takes while all of that is asked, by eight callers."""
    Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")

    def ask(each: Callable[[httpx2.Client], httpx2.Response]) -> int:
        with service.client() as client:
            return each(client).status_code

    with ThreadPoolExecutor(8) as callers:
        statuses = set(callers.map(ask, asked))
    assert statuses <= {200, 201, 400, 413, 415, 422, 503}
    return resident_bytes(service, "VmHWM")


def test_at_rest_it_takes_no_more_than_stated(service: LiveService) -> None:
    assert resident_bytes(service, "VmRSS") < AT_REST_BYTES


@pytest.mark.parametrize("name", json_bodies(1_000))
def test_under_hostile_json_it_takes_no_more_than_stated(service: LiveService, name: str) -> None:
    # As large as goes, with as many at a time as go, and so large that many go at a time.
    for size_bytes, count in ((BODY_BYTES - 1_000, 1), (3 * MEBIBYTE, 3)):
        body = json_bodies(size_bytes)[name]
        asked = [asking(path, body, "application/json") for path in PATHS * count]
        assert peak_bytes(service, *asked) < STATED_BYTES


@pytest.mark.parametrize("name", forms(1_000))
def test_under_hostile_forms_it_takes_no_more_than_stated(service: LiveService, name: str) -> None:
    body = forms(BODY_BYTES - 1_000)[name]
    asked = [asking(path, body, FORM) for path in PATHS]
    assert peak_bytes(service, *asked) < STATED_BYTES


def test_under_questions_about_many_it_takes_no_more_than_stated(service: LiveService) -> None:
    rows = np.round(np.random.default_rng(8).normal(size=(10_000, 128)), 3).tolist()
    search, recognize = PATHS[0], "/api/v1/recognition/embeddings/recognize?prediction_count=5"
    many = [
        lambda client: client.post(search, json={"templates": rows}),
        lambda client: client.post(recognize, json={"embeddings": rows}),
        lambda client: client.post(f"{search}00", json={"templates": rows[:100]}),
    ]
    assert peak_bytes(service, *many * 3) < STATED_BYTES


def asking(path: str, body: bytes, kind: str) -> Callable[[httpx2.Client], httpx2.Response]:
    return lambda client: client.post(path, content=body, headers={"Content-Type": kind})


def large_photos() -> dict[str, bytes]:
    """Images with as many pixels as may be, of what takes most."""
    noise = np.random.default_rng(9).integers(0, 256, (300, 300, 3), np.uint8)
    pixels = np.tile(noise, (10, 13, 1))
    assert pixels.shape[0] * pixels.shape[1] <= LIMITS.max_pixels
    rgb = Image.fromarray(pixels)
    files = {}
    for kind, mode, how in (
        ("JPEG", "RGB", {"progressive": True, "quality": 60}),
        ("JPEG", "CMYK", {"quality": 60}),
        ("PNG", "RGBA", {"compress_level": 9}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}),
        ("WEBP", "RGBA", {"quality": 40}),
        ("AVIF", "RGB", {"quality": 30, "speed": 10}),
    ):
        file = io.BytesIO()
        rgb.convert(mode).save(file, kind, **how)
        files[f"{kind} {mode}"] = file.getvalue()
    return files


def test_under_large_and_hostile_photos_it_takes_no_more_than_stated(
    service: LiveService,
) -> None:
    images = [
        *large_photos().values(),
        hostile.webp_of_tables(),
        hostile.png_with_texts(),
        hostile.jpeg_of_scans(),
        hostile.jpeg_of_segments(),
        hostile.tiff_of_values(),
        hostile.heic_of_pictures(1),
    ]
    asked = [photographed(path, image) for image in images for path in ("/v1/detect", "/v1/embed")]
    stated_bytes = STATED_BYTES + THREADS * LIMITS.memory_bytes
    assert peak_bytes(service, *asked) < stated_bytes


def photographed(path: str, image: bytes) -> Callable[[httpx2.Client], httpx2.Response]:
    files: Any = {"image": image}
    return lambda client: client.post(path, files=files, timeout=300)
