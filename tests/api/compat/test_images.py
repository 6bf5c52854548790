import base64
import tracemalloc
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.api.compat import images
from vultus.api.compat.images import image_of_base64, image_of_data_url
from vultus.errors import ImageTooHeavy, RequestInvalid

LIMIT = 1_000


@given(st.binary(min_size=1, max_size=LIMIT))
def test_any_bytes_survive_every_way_of_writing_base64(content: bytes) -> None:
    standard, safe = base64.b64encode(content), base64.urlsafe_b64encode(content)
    lines = base64.encodebytes(content)
    for written in (standard, safe, standard.rstrip(b"="), lines):
        assert image_of_base64(written.decode(), "image", LIMIT) == content


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,YSBwaG90bw==",
        "DATA:image/png;BASE64,YSBwaG90bw",
        "data:;base64,YSBw%61G90bw%3D%3D",
        "data:image/png;name=a;base64,YSBw\naG90bw==",
        "data:,a%20photo",
        "data:image/png,a photo",
    ],
)
def test_a_data_url_gives_its_content(url: str) -> None:
    assert image_of_data_url(url, "image_url", LIMIT) == b"a photo"
    assert image_of_base64(url, "file", LIMIT) == b"a photo"


@given(st.binary(min_size=1, max_size=LIMIT), st.integers(1, 7))
def test_percent_encoding_is_taken_back_wherever_it_is_cut(content: bytes, stretch: int) -> None:
    url = "data:," + "".join(f"%{byte:02x}" if byte % 2 else f"%{byte:02X}" for byte in content)
    with patch.object(images, "STRETCH", stretch + 2):
        assert image_of_data_url(url, "image_url", LIMIT) == content


def test_percent_encoding_takes_no_more_memory_than_a_few_copies() -> None:
    url = "data:," + "%00" * 1_000_000
    tracemalloc.start()
    image_of_data_url(url, "image_url", 2_000_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2 * len(url)


@pytest.mark.parametrize(
    "text", ["", "===", "a", "no base64!", "ä", "data:image/png", "data:;base64,"]
)
def test_what_is_no_image_in_base64_is_an_invalid_request(text: str) -> None:
    with pytest.raises(RequestInvalid):
        image_of_base64(text, "image", LIMIT)


@pytest.mark.parametrize("before", ["", "data:image/png;base64,"])
def test_an_image_is_bounded_before_it_is_decoded(before: str) -> None:
    heavy = base64.b64encode(bytes(LIMIT + 1)).decode()
    with pytest.raises(ImageTooHeavy):
        image_of_base64(before + heavy, "image", LIMIT)


@pytest.mark.parametrize("content", ["%00" * (LIMIT + 1), "%00" * 10 * LIMIT, "a" * (LIMIT + 1)])
def test_a_data_url_without_base64_is_bounded_too(content: str) -> None:
    with pytest.raises(ImageTooHeavy):
        image_of_data_url(f"data:,{content}", "image_url", LIMIT)
