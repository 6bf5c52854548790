import base64
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image as pillow

from facade_service import Served
from painted import BLUE, CRIMSON, GREEN, LIME, RED, RUBY, photo

Serve = Callable[..., Served]


def packed(image: bytes) -> str:
    return base64.b64encode(image).decode()


def enroll(client: Served, number: object, *images: bytes) -> str:
    said = {"id": number, "images": [{"image": packed(image)} for image in images]}
    answer = client.post("/generate", json=said)
    assert answer.status_code == 200
    response: str = answer.json()["Response"]
    return response


def infer(client: Served, image: bytes) -> dict:
    answer = client.post("/infer", json={"image": packed(image)})
    assert answer.status_code == 200
    return answer.json()


def test_every_face_gets_the_number_that_it_was_enrolled_with(client: Served) -> None:
    assert enroll(client, 7, photo(RED)) == "OK"
    assert enroll(client, 8, photo(GREEN)) == "OK"
    found = infer(client, photo(LIME, CRIMSON))
    assert found["cos_id"] == found["euc_id"] == [8, 7]
    assert all(0.9 < each <= 1 for each in found["cos_conf"])
    assert found["bb"] == [[20, 20, 80, 80], [120, 20, 180, 80]]


def test_confidences_are_the_cosine_and_what_the_distance_makes_of_it(client: Served) -> None:
    enroll(client, 7, photo(RED))
    found = infer(client, photo(CRIMSON))
    (cosine,), (euclidean,) = found["cos_conf"], found["euc_conf"]
    assert euclidean == pytest.approx(1 / (1 + np.sqrt(2 - 2 * cosine)), abs=1e-6)


def test_a_stranger_has_no_number(client: Served) -> None:
    enroll(client, 7, photo(RED))
    found = infer(client, photo(BLUE, RED))
    assert found["cos_id"] == [None, 7]
    assert found["cos_conf"][0] < 0.8


def test_everybody_is_a_stranger_while_nobody_is_enrolled(client: Served) -> None:
    found = infer(client, photo(RED))
    assert (found["cos_id"], found["cos_conf"]) == ([None], [0.0])


def test_no_face_gives_empty_lists(client: Served) -> None:
    lists = {name: [] for name in ("cos_id", "cos_conf", "euc_id", "euc_conf", "bb")}
    assert infer(client, photo()) == lists


def test_templates_come_where_they_are_switched_on(serve: Serve) -> None:
    client = serve(compat={"infer_templates": True})
    (vector,) = infer(client, photo(RED))["emb"]
    assert np.linalg.norm(vector) == pytest.approx(1)
    assert len(vector) == 3


def test_more_faces_than_a_batch_are_all_named(client: Served) -> None:
    enroll(client, 7, photo(RED))
    assert infer(client, photo(*[RED] * 40))["cos_id"] == [7] * 40


def test_an_image_with_transparency_is_read(client: Served) -> None:
    with pillow.open(BytesIO(photo(RED))) as opaque:
        clear = opaque.convert("RGBA")
    clear.putalpha(pillow.new("L", clear.size, 254))
    file = BytesIO()
    clear.save(file, "PNG")
    assert enroll(client, 7, file.getvalue()) == "OK"
    assert infer(client, file.getvalue())["cos_id"] == [7]


def test_what_is_enrolled_later_adds_to_what_was_there(client: Served) -> None:
    enroll(client, 7, photo(RED))
    assert enroll(client, 7, photo(RUBY), photo(CRIMSON)) == "OK"
    assert enroll(client, 7, photo(RED)) == "OK"
    assert (client.gallery.counts.subjects, client.gallery.counts.faces) == (1, 3)


def test_a_person_can_be_deleted_while_the_service_runs(client: Served) -> None:
    enroll(client, 7, photo(RED))
    assert infer(client, photo(RED))["cos_id"] == [7]
    client.gallery.delete_subject("7")
    assert infer(client, photo(RED))["cos_id"] == [None]
    assert enroll(client, 7, photo(RED)) == "OK"
    assert infer(client, photo(RED))["cos_id"] == [7]


@pytest.mark.parametrize("images", [(), (photo(),), (photo(RED, GREEN),), (b"no image",)])
def test_without_one_face_nothing_is_enrolled(client: Served, images: tuple[bytes, ...]) -> None:
    assert enroll(client, 7, *images) == "No embedding generated"
    assert client.gallery.counts.subjects == 0


def test_one_good_photo_among_bad_ones_is_enough(client: Served) -> None:
    assert enroll(client, 7, photo(), photo(RED), b"no image") == "OK"
    assert client.gallery.counts.faces == 1


def test_a_number_may_come_as_text(client: Served) -> None:
    assert enroll(client, "7", photo(RED)) == "OK"
    assert infer(client, photo(RED))["cos_id"] == [7]


def test_people_who_were_enrolled_otherwise_are_called_by_what_they_have(client: Served) -> None:
    client.gallery.enroll("Ada", photo(RED))
    assert infer(client, photo(RED))["cos_id"] == ["Ada"]


def test_an_embedding_is_made_of_each_face_that_was_cut_out(client: Served) -> None:
    whole = BytesIO()
    pillow.new("RGB", (40, 40), (90, 9, 9)).save(whole, "PNG")
    images = [{"image": packed(image)} for image in (photo(RED), whole.getvalue())]
    answer = client.post("/embedding", json={"images": images}).json()
    assert answer["response"] == "200"
    first, second = answer["emb"]
    assert np.dot(first, second) > 0.98


def test_faces_are_found_with_probability_box_and_template(client: Served) -> None:
    answer = client.post("/detect", json={"image": packed(photo(RED, BLUE))}).json()
    body = answer["body"]
    assert answer["response"] == "200"
    assert body["prob"] == [0.99, 0.99]
    assert body["box"] == [[20, 20, 80, 80], [120, 20, 180, 80]]
    assert np.shape(body["emb"]) == (2, 3)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/infer", {}),
        ("/infer", {"image": "no base64!"}),
        ("/infer", {"image": 7}),
        ("/infer", []),
        ("/infer", {"image": packed(b"no image")}),
        ("/generate", {"images": []}),
        ("/generate", {"id": "seven", "images": []}),
        ("/generate", {"id": True, "images": []}),
        ("/generate", {"id": 7}),
        ("/generate", {"id": 7, "images": [""]}),
        ("/generate", {"id": 7, "images": [{"image": "no base64!"}]}),
        ("/embedding", {"images": {}}),
        ("/detect", {"image": None}),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_detail(
    client: Served, path: str, said: object
) -> None:
    answer = client.post(path, json=said)
    assert answer.status_code in (415, 422)
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("path", ["/generate", "/embedding"])
def test_more_images_than_allowed_are_refused(serve: Serve, path: str) -> None:
    client = serve(service={"max_images": 2})
    said = {"id": 7, "images": [{"image": packed(photo(RED))}] * 3}
    answer = client.post(path, json=said)
    assert (answer.status_code, answer.json().keys()) == (413, {"detail"})
    assert client.gallery.counts.subjects == 0


def test_the_facade_can_serve_a_gallery_of_its_own(serve: Serve) -> None:
    client = serve(compat={"infer_gallery": "staff"})
    enroll(client, 7, photo(RED))
    assert client.gallery.counts.subjects == 0
    assert [each.name for each in client.service.galleries("tester").list()] == ["default", "staff"]


def test_the_facade_can_be_switched_off(serve: Serve) -> None:
    client = serve(compat={"infer": False})
    assert client.post("/infer", json={"image": packed(photo(RED))}).status_code == 404
