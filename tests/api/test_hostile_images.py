"""No image, however broken or hostile, is a fault of the service."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import hostile_images as hostile
from image_files import encoded, quarters
from painted import RED, photo, square_recognizer
from service import painted_service, served, settings_of
from vultus.gallery.store.opening import open_store
from vultus.vision.decode import DecodeLimits
from vultus.vision.read import ImageReader

BIG = 60_000
LIMITS = DecodeLimits(30 * 2**20, 4_000_000, 16_384, 1_000)
SUBJECT = ("subject", (None, '{"name": "Eve"}'))

ROUTES = {
    "POST /v1/detect": [],
    "POST /v1/embed": [],
    "POST /v1/galleries/staff/identify": [],
    "POST /v1/galleries/staff/subjects/Ada/faces": [],
    "POST /v1/galleries/staff/faces": [SUBJECT],
    "PUT /v1/galleries/staff/subjects/Ada/template": [],
}


@cache
def corpus() -> dict[str, bytes]:
    jpeg, png = encoded(quarters(), "JPEG"), encoded(quarters(), "PNG")
    return {
        "nothing": b"",
        "one byte": b"\xff",
        "half a JPEG": jpeg[: len(jpeg) // 2],
        "half a PNG": png[: len(png) // 2],
        "a JPEG with noise": jpeg[:300] + bytes(range(256)) * 4 + jpeg[900:],
        "a script": b"#!/bin/sh\nrm -rf /\n",
        "an SVG": b"<svg><image href='file:///etc/passwd'/></svg>" * 1_000,
        "PNG of 60,000 squared": hostile.png_claiming(BIG, BIG),
        "PNG, lying": hostile.png_claiming(1_000, 1_000),
        "PNG with texts": hostile.png_with_texts(),
        "PNG in crumbs": hostile.png_in_crumbs(),
        "GIF, screen": hostile.gif_claiming(65_535, 1),
        "GIF, frame": hostile.gif_claiming(1, 65_535),
        "GIF of comments": hostile.gif_of_comments(),
        "JPEG of 65,535 squared": hostile.jpeg_claiming(65_535, 65_535),
        "JPEG of segments": hostile.jpeg_of_segments(),
        "BMP of 60,000 squared": hostile.bmp_claiming(BIG, -BIG),
        "TIFF of 60,000 squared": hostile.tiff_claiming(width=BIG),
        "TIFF, tile of 1": hostile.tiff_claiming(tile=1),
        "TIFF of values": hostile.tiff_of_values(),
        "TIFF of pages": hostile.tiff_of_pages(),
        "WebP, canvas": hostile.webp_claiming(BIG, 8),
        "WebP, picture": hostile.webp_claiming(8, 16_384),
        "HEIC of tiles": hostile.grid_claiming(16_000),
        "HEIC, a film": hostile.heic_of_pictures(20),
        "a photo": photo(RED),
    }


@pytest.fixture
def client(tmp_path: Path, sqlite_url: str) -> Iterator[TestClient]:
    """A service whose images may be as large as those of a real one."""
    painted = square_recognizer()
    pipeline = replace(painted.pipeline, reader=ImageReader(LIMITS, long_side_px=4000))
    recognizer = replace(painted, pipeline=pipeline)
    service = painted_service(open_store(sqlite_url), recognizer)
    with served(settings_of(tmp_path), service) as client:
        client.post("/v1/galleries", json={"name": "staff"})
        client.post("/v1/galleries/staff/subjects", json={"name": "Ada"})
        yield client


@pytest.mark.parametrize("route", ROUTES)
def test_all_of_them_at_once_are_told_one_by_one(client: TestClient, route: str) -> None:
    method, path = route.split(" ")
    files = [("image", ("a", image)) for image in corpus().values()]
    answer = client.request(method, path, files=[*ROUTES[route], *files])
    assert answer.status_code == 200
    refused = answer.json().get("refused") or answer.json()["images"]
    codes = {each["problem"]["code"] for each in refused if each["problem"]}
    assert codes >= {"broken_image", "unsupported_image", "image_side_too_long"}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", corpus())
def test_each_of_them_alone_is_never_a_fault_of_the_service(client: TestClient, name: str) -> None:
    image = corpus()[name]
    one = client.post("/v1/detect", files={"image": image})
    two = client.post("/v1/verify", files=[("image", ("a", photo(RED))), ("image", ("b", image))])
    for answer in (one, two):
        assert answer.status_code in (200, 413, 415, 422)
        assert "Traceback" not in answer.text
