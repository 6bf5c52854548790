import pytest
from starlette.testclient import TestClient

from painted import BLUE, CRIMSON, GREEN, RED, photo

Parts = list[tuple[str, tuple[str, bytes]]]


def parts(*images: bytes) -> Parts:
    return [("image", (f"{number}.png", image)) for number, image in enumerate(images)]


@pytest.fixture
def staff(client: TestClient) -> TestClient:
    for name, colour in (("Ada", RED), ("Bob", BLUE)):
        files = [*parts(photo(colour)), ("subject", (None, f'{{"name": "{name}"}}'))]
        assert client.post("/v1/galleries/staff/faces", files=files).status_code == 200
    return client


def test_faces_are_detected_from_left_to_right(client: TestClient) -> None:
    answer = client.post("/v1/detect", files=parts(photo(RED, GREEN), photo())).json()
    first, second = answer["images"]
    assert [face["box"]["x1"] for face in first["faces"]] == [20, 120]
    assert [len(face["landmarks"]) for face in first["faces"]] == [5, 5]
    assert (second["faces"], second["problem"]) == ([], None)


def test_a_whole_image_can_be_taken_as_one_face(client: TestClient) -> None:
    answer = client.post("/v1/detect?face_only=true", files=parts(photo(RED, GREEN))).json()
    assert len(answer["images"][0]["faces"]) == 1


def test_faces_are_embedded_with_the_model_that_did_it(client: TestClient) -> None:
    (image,) = client.post("/v1/embed", files=parts(photo(RED))).json()["images"]
    (face,) = image["faces"]
    assert face["model"] == {"pack": "fake", "version": "1"}
    assert sum(number**2 for number in face["template"]) == pytest.approx(1)


def test_one_broken_image_of_several_spoils_none_of_the_others(client: TestClient) -> None:
    broken = photo(RED)[:200]
    several = client.post("/v1/detect", files=parts(broken, photo(RED)))
    assert [len(each["faces"]) for each in several.json()["images"]] == [0, 1]
    assert several.json()["images"][0]["problem"]["code"] == "broken_image"
    alone = client.post("/v1/detect", files=parts(broken))
    assert (alone.status_code, alone.json()["code"]) == (422, "broken_image")


def test_two_images_are_verified(client: TestClient) -> None:
    same = client.post("/v1/verify", files=parts(photo(RED), photo(CRIMSON))).json()
    other = client.post("/v1/verify", files=parts(photo(RED), photo(BLUE))).json()
    assert (same["decision"], other["decision"]) == ("match", "unknown")
    assert same["threshold"]["origin"] == "pack"
    assert len(same["faces"]) == 2
    for images in ([photo(RED)], [photo(RED)] * 3):
        assert client.post("/v1/verify", files=parts(*images)).status_code == 422


def test_the_image_that_cannot_be_verified_is_named(client: TestClient) -> None:
    none = client.post("/v1/verify", files=parts(photo(), photo(RED))).json()
    assert (none["code"], none["image"]) == ("no_face", "first")
    broken = client.post("/v1/verify", files=parts(photo(RED), photo(RED)[:200])).json()
    assert (broken["code"], broken["image"]) == ("broken_image", "second")


def test_an_image_and_a_subject_are_verified(staff: TestClient) -> None:
    query = {"gallery": "staff", "subject": "Ada"}
    answer = staff.post("/v1/verify", params=query, files=parts(photo(CRIMSON))).json()
    assert (answer["decision"], answer["subject"]["name"]) == ("match", "Ada")
    assert answer["most_similar_face"]
    half = staff.post("/v1/verify", params={"subject": "Ada"}, files=parts(photo(CRIMSON)))
    assert half.json()["code"] == "request_invalid"


def test_each_face_is_identified_with_its_candidates(staff: TestClient) -> None:
    path = "/v1/galleries/staff/identify"
    (image,) = staff.post(path, files=parts(photo(CRIMSON, GREEN))).json()["images"]
    known, unknown = image["faces"]
    assert (known["decision"], known["subject"]["name"]) == ("match", "Ada")
    assert known["similarity"] == known["candidates"][0]["similarity"]
    assert (unknown["decision"], unknown["subject"]) == ("unknown", None)
    assert len(unknown["candidates"]) == 2
    one = staff.post(path, params={"top_k": 1}, files=parts(photo(GREEN))).json()
    assert len(one["images"][0]["faces"][0]["candidates"]) == 1


def test_only_so_many_candidates_are_given_at_once(staff: TestClient) -> None:
    path = "/v1/galleries/staff"
    rows = {"templates": [[1, 0, 0]] * 51}
    assert staff.post(f"{path}/search", params={"top_k": 980}, json=rows).status_code == 200
    many = staff.post(f"{path}/search", params={"top_k": 981}, json=rows)
    assert (many.status_code, many.json()["where"]) == (422, "top_k")
    crowd = parts(*[photo(*[RED] * 26)] * 2)
    assert staff.post(f"{path}/identify", params={"top_k": 900}, files=crowd).status_code == 200
    many = staff.post(f"{path}/identify", params={"top_k": 1_000}, files=crowd)
    assert (many.status_code, many.json()["where"]) == (422, "top_k")


def test_subjects_that_look_like_one_person_are_listed(staff: TestClient) -> None:
    for colour in (RED, CRIMSON):
        body = [("subject", (None, f'{{"name": "Eve {colour[1]}"}}')), *parts(photo(colour))]
        staff.post("/v1/galleries/staff/faces", files=body)
    first = staff.get("/v1/galleries/staff/duplicates", params={"limit": 2}).json()
    rest = staff.get("/v1/galleries/staff/duplicates", params={"cursor": first["next"]}).json()
    pairs = first["items"] + rest["items"]
    assert len(pairs) == 3
    assert [pair["similarity"] for pair in pairs] == sorted(
        (pair["similarity"] for pair in pairs), reverse=True
    )
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        ("text/plain", b"hello", "content-type"),
        ("multipart/form-data", b"hello", "content-type"),
        ("multipart/form-data; boundary=x", b"hello", "body"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: b\r\n\r\nhello", "part"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\nhello',
            "body",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhello\r\n--x--\r\n',
            "file",
        ),
        ("multipart/form-data; boundary=x", b"--x--\r\n", "image"),
        (f"multipart/form-data; boundary={'x' * 300}", b"hello", "body"),
        ("application/json", b"", "body"),
        ("application/json", b"[]", "body"),
        ("application/json", b"{}", "body"),
        ("application/json", b'{"image": "?"}', "image"),
        ("application/json", b'{"image": []}', "image"),
        ("application/json", b'{"image": 7}', "image"),
        ("application/json", b'{"image": "AAAA", "colour": 1}', "colour"),
        ("application/json", b"[" * 50_000, "body"),
    ],
)
def test_a_body_that_is_none_is_refused(
    client: TestClient, kind: str, body: bytes, where: str
) -> None:
    answer = client.post("/v1/detect", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert answer.json()["where"].startswith(where)
