import base64
import json

import pytest

from vultus.api.compat.posted import PostedImages
from vultus.errors import ImageTooHeavy, RequestInvalid

FORM = "multipart/form-data; boundary=of-a-test"


def form(boundary: str = "of-a-test", **parts: bytes) -> bytes:
    body = b""
    for name, content in parts.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"'
        body += head.encode() + b"\r\nContent-Type: image/jpeg\r\n\r\n" + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def posted(body: bytes, content_type: str = FORM, limit_bytes: int = 100) -> PostedImages:
    return PostedImages(body, content_type, limit_bytes)


def test_images_come_in_parts_of_a_form_in_any_order() -> None:
    body = form(target_image=b"second", other=b"?", source_image=b"first")
    assert posted(body).images("source_image", "target_image") == [b"first", b"second"]


def test_images_come_in_fields_of_json() -> None:
    body = json.dumps({"file": base64.b64encode(b"a photo").decode()}).encode()
    assert posted(body, "application/json; charset=utf-8").images("file") == [b"a photo"]


def test_a_form_that_does_not_name_its_boundary_is_read_by_its_first_line() -> None:
    body = form("----7d3f", file=b"a photo")
    assert posted(body, "multipart/form-data").images("file") == [b"a photo"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (form(other=b"a photo"), FORM),
        (form(file=b""), FORM),
        (form(file=b"a photo")[:-20], FORM),
        (form("another", file=b"a photo"), FORM),
        (b"", FORM),
        (b"", "multipart/form-data"),
        (b"a photo", "multipart/form-data"),
        (b"a photo", "image/jpeg"),
        (b"", f"multipart/form-data; boundary={'x' * 300}"),
        (b"", ""),
        (b"{}", "application/json"),
        (b'{"file": 7}', "application/json"),
        (b'["file"]', "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
    ],
)
def test_a_body_without_the_image_is_an_invalid_request(body: bytes, content_type: str) -> None:
    with pytest.raises(RequestInvalid):
        posted(body, content_type).images("file")


def test_an_image_is_no_heavier_than_allowed() -> None:
    with pytest.raises(ImageTooHeavy):
        posted(form(file=bytes(101))).images("file")
