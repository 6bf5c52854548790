import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from painted import BLUE, CRIMSON, GREEN, RED, RUBY, photo

GALLERY = "/v1/galleries/staff"


def parts(*images: bytes) -> list[tuple[str, tuple[str, bytes]]]:
    return [("image", (f"{number}.png", image)) for number, image in enumerate(images)]


def in_base64(*images: bytes) -> list[str]:
    return [base64.b64encode(image).decode() for image in images]


@pytest.fixture
def ada(client: TestClient) -> str:
    made = client.post(f"{GALLERY}/subjects", json={"name": "Ada"}).json()
    return str(made["id"])


def outcomes(answer: Any) -> list[str]:
    return [each["outcome"] for each in answer.json()["images"]]


def test_each_image_has_its_own_outcome(client: TestClient, ada: str) -> None:
    images = parts(photo(RED), photo(), photo(RED, GREEN), b"no image", photo(RED))
    answer = client.post(f"{GALLERY}/subjects/{ada}/faces", files=images)
    assert answer.status_code == 200
    assert outcomes(answer) == ["enrolled", "refused", "refused", "refused", "already_there"]
    first, *refused, again = answer.json()["images"]
    assert first["subject"] == {"id": ada, "name": "Ada", "external_id": None}
    assert first["face"]["detected"]["box"]["x1"] == 20
    assert first["face"]["id"] == again["face"]["id"]
    assert [each["problem"]["code"] for each in refused] == [
        "no_face",
        "several_faces",
        "unsupported_image",
    ]
    assert [each["image"] for each in answer.json()["images"]] == [0, 1, 2, 3, 4]


def test_multipart_and_base64_are_answered_alike(client: TestClient, ada: str) -> None:
    images = [photo(RED), photo(CRIMSON)]
    sent = client.post(f"{GALLERY}/subjects/{ada}/faces", files=parts(*images))
    said = client.post(f"{GALLERY}/subjects/{ada}/faces", json={"image": in_base64(*images)})
    assert outcomes(sent) == ["enrolled"] * 2
    assert outcomes(said) == ["already_there"] * 2
    one = client.post(f"{GALLERY}/identify", json={"image": in_base64(photo(RUBY))[0]})
    other = client.post(f"{GALLERY}/identify", files=parts(photo(RUBY)))
    assert one.json() == other.json()


def test_a_box_says_which_of_several_faces_is_meant(client: TestClient, ada: str) -> None:
    path = f"{GALLERY}/subjects/{ada}/faces"
    answer = client.post(path, files=parts(photo(GREEN, RED)), params={"box": "120,20,180,80"})
    assert outcomes(answer) == ["enrolled"]
    assert answer.json()["images"][0]["face"]["detected"]["box"]["x1"] == 120
    for wrong in ("1,2,3", "a,b,c,d", "nan,0,1,1", "9,9,1,1"):
        refused = client.post(path, files=parts(photo(RED)), params={"box": wrong})
        assert refused.status_code == 422


def test_a_new_subject_is_created_with_its_first_face(client: TestClient) -> None:
    new = '{"name": "Bob", "external_id": "7", "attributes": {"floor": 2}}'
    path = f"{GALLERY}/faces"
    none = client.post(path, files=[*parts(photo()), ("subject", (None, new))])
    assert outcomes(none) == ["refused"]
    assert client.get(f"{GALLERY}/subjects/7").status_code == 404
    made = client.post(path, files=[("subject", (None, new)), *parts(photo(RED), photo(CRIMSON))])
    assert [each["created"] for each in made.json()["images"]] == [True, False]
    assert client.get(f"{GALLERY}/subjects/7").json()["attributes"] == {"floor": 2}
    again = client.post(
        path, json={"subject": {"name": "B", "external_id": "7"}, "image": in_base64(photo(RUBY))}
    )
    assert again.json()["images"][0]["subject"]["name"] == "Bob"
    assert client.post(path, files=parts(photo(RED))).json()["where"] == "subject"


def test_a_photo_that_looks_like_another_subject_is_noted(client: TestClient, ada: str) -> None:
    client.post(f"{GALLERY}/subjects/{ada}/faces", files=parts(photo(RED)))
    body = {"subject": {"name": "Eve"}, "image": in_base64(photo(CRIMSON))}
    (outcome,) = client.post(f"{GALLERY}/faces", json=body).json()["images"]
    (note,) = outcome["notes"]
    assert (note["code"], note["candidate"]["subject"]["name"]) == ("looks_like_another", "Ada")


def test_faces_are_listed_and_deleted(client: TestClient, ada: str) -> None:
    path = f"{GALLERY}/subjects/{ada}/faces"
    client.post(path, files=parts(photo(RED), photo(CRIMSON), photo(RUBY)))
    first = client.get(path, params={"limit": 2}).json()
    rest = client.get(path, params={"cursor": first["next"]}).json()
    faces = first["items"] + rest["items"]
    assert len({face["id"] for face in faces}) == 3
    assert "template" not in str(faces)
    bob = client.post(f"{GALLERY}/subjects", json={"name": "Bob"}).json()["id"]
    assert client.delete(f"{GALLERY}/subjects/{bob}/faces/{faces[0]['id']}").status_code == 404
    assert client.delete(f"{path}/{faces[0]['id']}").status_code == 204
    assert client.delete(f"{GALLERY}/faces/{faces[1]['id']}").status_code == 204
    assert [face["id"] for face in client.get(path).json()["items"]] == [faces[2]["id"]]


def test_faces_move_to_another_subject_or_a_new_one(client: TestClient, ada: str) -> None:
    path = f"{GALLERY}/subjects/{ada}/faces"
    answer = client.post(path, files=parts(photo(RED), photo(BLUE)))
    _, blue = (each["face"]["id"] for each in answer.json()["images"])
    moved = client.post(f"{GALLERY}/faces:move", json={"faces": [blue], "to": "Bob"}).json()
    assert (moved["name"], moved["faces"]) == ("Bob", 1)
    assert len(client.get(path).json()["items"]) == 1


def test_templates_are_added_and_found(client: TestClient, ada: str) -> None:
    path = f"{GALLERY}/subjects/{ada}/faces"
    added = client.post(path, json={"templates": [[1, 0, 0], [0.9, 0.1, 0]]}).json()
    assert [each["added"] for each in added["templates"]] == [True, True]
    found = client.post(f"{GALLERY}/search", json={"templates": [[2, 0, 0], [0, 0, 1]]})
    assert [each["decision"] for each in found.json()["items"]] == ["match", "unknown"]
    assert found.json()["items"][0]["subject"]["name"] == "Ada"
    assert found.json()["items"][1]["subject"] is None
    for wrong, code in (
        ([[1, 0]], "template_size_mismatch"),
        ([[0, 0, 0]], "invalid_value"),
        ([], "request_invalid"),
        ([[1, 0, 0], [1]], "invalid_value"),
        ("x", "request_invalid"),
    ):
        refused = client.post(f"{GALLERY}/search", json={"templates": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_a_template_goes_on_without_the_old_images(client: TestClient, ada: str) -> None:
    path = f"{GALLERY}/subjects/{ada}/template"
    first = client.put(path, files=parts(photo(RED), b"no image", photo(CRIMSON))).json()
    assert (first["mean"]["weight"], first["mean"]["running"]) == (2, True)
    assert [(each["image"], each["problem"]["code"]) for each in first["refused"]] == [
        (1, "unsupported_image")
    ]
    assert client.put(path, files=parts(photo(RED))).json()["mean"]["weight"] == 2
    more = client.put(path, json={"templates": [[1, 0, 0]]}).json()
    assert more["mean"]["weight"] == 3


@pytest.mark.parametrize(
    ("said", "where"), [({"box": "1,2,3,4"}, "box"), ({"face_only": "true"}, "face_only")]
)
def test_what_is_said_of_images_is_refused_with_templates(
    client: TestClient, ada: str, said: dict[str, str], where: str
) -> None:
    templates: dict[str, Any] = {"templates": [[1, 0, 0]]}
    bob = templates | {"subject": {"name": "Bob"}}
    for method, path, body in (
        ("POST", f"{GALLERY}/subjects/{ada}/faces", templates),
        ("POST", f"{GALLERY}/faces", bob),
        ("PUT", f"{GALLERY}/subjects/{ada}/template", templates),
    ):
        answer = client.request(method, path, json=body, params=said)
        assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert client.get(GALLERY).json()["faces"] == 0
