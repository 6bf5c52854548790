"""What CompreFace's clients ask and are told. Long, because every call of theirs has its tests."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from facade_service import Served
from painted import BLUE, CRIMSON, GREEN, LIME, RED, RUBY, photo, square_recognizer
from vultus.api.compat.compreface.faces import add_face
from vultus.api.compat.compreface.problems import CODES, code_of
from vultus.domain.changes import NewSubject
from vultus.domain.key import NewKey, Scope
from vultus.errors import (
    GalleryError,
    InferenceError,
    NoFace,
    Overloaded,
    PoorQuality,
    StoreBusy,
    TooManyRequests,
    UnsupportedImage,
)
from vultus.matching.calibration import Calibration, PairCalibration
from vultus.usecases.recognizer import Recognizer

Serve = Callable[..., Served]

SUBJECTS = "/api/v1/recognition/subjects"
FACES = "/api/v1/recognition/faces"
RECOGNIZE = "/api/v1/recognition/recognize"
DETECT = "/api/v1/detection/detect"
VERIFY = "/api/v1/verification/verify"

CALIBRATION = Calibration(PairCalibration((0.0, 0.9, 1.0), (0.01, 0.5, 0.99), 0.5, "made up"))


def calibrated() -> Recognizer:
    plain = square_recognizer()
    return Recognizer(plain.pipeline, plain.matching, CALIBRATION)


def post(client: Served, path: str, image: bytes, **query: object):
    return client.post(path, files={"file": ("a.png", image, "image/png")}, params=query)


def add(client: Served, subject: str, image: bytes) -> str:
    answer = post(client, FACES, image, subject=subject)
    assert (answer.status_code, answer.json()["subject"]) == (201, subject)
    image_id: str = answer.json()["image_id"]
    return image_id


def names(client: Served) -> list[str]:
    listed: list[str] = client.get(SUBJECTS).json()["subjects"]
    return listed


def refused(answer) -> tuple[int, int]:
    told = answer.json()
    assert told.keys() == {"message", "code"}
    assert told["message"]
    return answer.status_code, told["code"]


# Subjects


def test_a_subject_is_added_renamed_and_deleted(client: Served) -> None:
    added = client.post(SUBJECTS, json={"subject": "Ada"})
    assert (added.status_code, added.json()) == (201, {"subject": "Ada"})
    assert names(client) == ["Ada"]
    renamed = client.put(f"{SUBJECTS}/Ada", json={"subject": "Ada Lovelace"})
    assert (renamed.status_code, renamed.json()) == (200, {"updated": True})
    deleted = client.delete(f"{SUBJECTS}/Ada Lovelace")
    assert (deleted.status_code, deleted.json()) == (200, {"subject": "Ada Lovelace"})
    assert client.get(f"{SUBJECTS}/").json() == {"subjects": []}


def test_a_subject_is_not_added_twice(client: Served) -> None:
    client.post(SUBJECTS, json={"subject": "Ada"})
    again = client.post(SUBJECTS, json={"subject": "Ada"})
    assert refused(again) == (400, 43)
    assert "external" not in again.json()["message"]


def test_a_name_is_free_again_after_a_change_of_name(client: Served) -> None:
    client.post(SUBJECTS, json={"subject": "Ada"})
    client.put(f"{SUBJECTS}/Ada", json={"subject": "Bob"})
    assert client.post(SUBJECTS, json={"subject": "Ada"}).status_code == 201
    assert sorted(names(client)) == ["Ada", "Bob"]


def test_a_change_to_a_name_that_is_taken_makes_one_of_two(client: Served) -> None:
    add(client, "Ada", photo(RED))
    add(client, "A. Lovelace", photo(CRIMSON))
    assert client.put(f"{SUBJECTS}/Ada", json={"subject": "A. Lovelace"}).json()["updated"]
    assert names(client) == ["A. Lovelace"]
    assert client.get(FACES).json()["total_elements"] == 2


@pytest.mark.parametrize("name", ["", "Ada"])
def test_a_change_to_no_name_or_the_same_one_changes_nothing(client: Served, name: str) -> None:
    client.post(SUBJECTS, json={"subject": "Ada"})
    answer = client.put(f"{SUBJECTS}/Ada", json={"subject": name})
    assert (answer.status_code, answer.json()) == (200, {"updated": False})


def test_a_name_may_have_slashes_and_anything_else(client: Served) -> None:
    name = "R&D/Ada 50%? ä#1"
    client.post(SUBJECTS, json={"subject": name})
    path = f"{SUBJECTS}/R%26D%2FAda%2050%25%3F%20%C3%A4%231"
    assert client.delete(path).json() == {"subject": name}


def test_a_subject_that_is_not_there_cannot_be_changed(client: Served) -> None:
    assert refused(client.delete(f"{SUBJECTS}/Ada")) == (404, 42)
    assert refused(client.put(f"{SUBJECTS}/Ada", json={"subject": "Bob"})) == (404, 42)
    assert refused(client.delete(f"{SUBJECTS}/")) == (404, 42)


def test_all_subjects_are_deleted_and_counted(client: Served) -> None:
    add(client, "Ada", photo(RED))
    client.post(SUBJECTS, json={"subject": "Bob"})
    assert client.delete(SUBJECTS).json() == {"deleted": 2}
    assert names(client) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"subject": 7}', b'{"subject": " "}'])
def test_a_subject_without_a_name_is_refused(client: Served, body: bytes) -> None:
    assert refused(client.post(SUBJECTS, content=body)) == (400, 26)


# Faces


def test_a_face_is_added_with_its_subject_and_listed(client: Served) -> None:
    first, second = add(client, "Ada", photo(RED)), add(client, "Bob", photo(GREEN))
    assert str(UUID(first)) == first
    listed = client.get(FACES).json()
    assert listed == {
        "faces": [
            {"image_id": first, "subject": "Ada"},
            {"image_id": second, "subject": "Bob"},
        ],
        "page_number": 0,
        "page_size": 20,
        "total_pages": 1,
        "total_elements": 2,
    }
    assert client.get(FACES, params={"subject": "Bob"}).json()["faces"] == listed["faces"][1:]
    assert client.get(FACES, params={"subject": "Eve"}).json()["total_elements"] == 0


def test_pages_of_faces_do_not_end_at_subjects(client: Served) -> None:
    all_ids = [
        add(client, "Ada", photo(RED)),
        add(client, "Ada", photo(CRIMSON)),
        add(client, "Ada", photo(RUBY)),
        add(client, "Bob", photo(GREEN)),
        add(client, "Bob", photo(LIME)),
    ]
    client.post(SUBJECTS, json={"subject": "Eve"})
    pages = [client.get(FACES, params={"page": page, "size": 2}).json() for page in range(4)]
    assert [len(page["faces"]) for page in pages] == [2, 2, 1, 0]
    assert [each["image_id"] for page in pages for each in page["faces"]] == all_ids
    assert {page["total_pages"] for page in pages} == {3}


def test_the_same_photo_twice_is_one_face(client: Served) -> None:
    assert add(client, "Ada", photo(RED)) == add(client, "Ada", photo(RED))
    assert client.get(FACES).json()["total_elements"] == 1


def test_a_face_may_come_as_base64(client: Served) -> None:
    said = {"file": base64.b64encode(photo(RED)).decode()}
    assert client.post(FACES, json=said, params={"subject": "Ada"}).status_code == 201


def test_a_subject_that_was_enrolled_otherwise_gets_the_face(client: Served) -> None:
    client.gallery.add_subject(NewSubject("Ada", "2576"))
    add(client, "Ada", photo(RED))
    assert client.gallery.counts.subjects == 1


def test_a_face_that_is_not_certain_enough_does_not_count(client: Served) -> None:
    answer = post(client, FACES, photo(RED), subject="Ada", det_prob_threshold=0.995)
    assert refused(answer) == (400, 28)
    certain = post(client, FACES, photo(RED), subject="Ada", det_prob_threshold=0.9)
    assert certain.status_code == 201
    both = post(client, FACES, photo(RED, GREEN), subject="Ada", det_prob_threshold=0.9)
    assert refused(both) == (400, 31)


@pytest.mark.parametrize(
    ("image", "code"), [(photo(), 28), (photo(RED, GREEN), 31), (b"no image", 21), (b"", 26)]
)
def test_a_photo_that_is_not_of_one_face_is_refused(
    client: Served, image: bytes, code: int
) -> None:
    assert refused(post(client, FACES, image, subject="Ada")) == (400, code)
    assert names(client) == []


def test_a_face_without_a_subject_is_refused(client: Served) -> None:
    assert refused(post(client, FACES, photo(RED))) == (400, 26)


def test_a_face_is_deleted_and_its_subject_stays(client: Served) -> None:
    image_id = add(client, "Ada", photo(RED))
    deleted = client.delete(f"{FACES}/{image_id}")
    assert deleted.json() == {"image_id": image_id, "subject": "Ada"}
    assert refused(client.delete(f"{FACES}/{image_id}")) == (404, 44)
    assert names(client) == ["Ada"]


@pytest.mark.parametrize("image_id", ["02191191a2d443ba855234b6a09f2776", "1", "..etc", "x" * 4000])
def test_a_face_that_is_not_there_is_not_found(client: Served, image_id: str) -> None:
    assert refused(client.delete(f"{FACES}/{image_id}")) == (404, 44)
    assert refused(post(client, f"{FACES}/{image_id}/verify", photo(RED))) == (404, 44)
    assert client.get(f"{FACES}/{image_id}/img").content == b""


def test_several_faces_are_deleted_as_far_as_they_are_there(client: Served) -> None:
    first, second = add(client, "Ada", photo(RED)), add(client, "Bob", photo(GREEN))
    answer = client.post(f"{FACES}/delete", json=[first, str(uuid4()), second, first])
    assert answer.json() == [
        {"image_id": first, "subject": "Ada"},
        {"image_id": second, "subject": "Bob"},
    ]
    assert refused(client.post(f"{FACES}/delete", json={"ids": [first]})) == (400, 26)


def test_all_faces_of_a_subject_are_deleted_with_it(client: Served) -> None:
    add(client, "Ada", photo(RED))
    add(client, "Ada", photo(CRIMSON))
    add(client, "Bob", photo(GREEN))
    assert client.delete(FACES, params={"subject": "Ada"}).json() == {"deleted": 2}
    assert client.delete(FACES, params={"subject": "Ada"}).json() == {"deleted": 0}
    assert names(client) == ["Bob"]
    assert client.delete(FACES).json() == {"deleted": 1}
    assert names(client) == []


def test_the_picture_of_a_face_is_what_the_gallery_kept(client: Served) -> None:
    without = add(client, "Ada", photo(RED))
    assert client.get(f"{FACES}/{without}/img").content == b""


def test_a_kept_picture_is_given_with_and_without_a_header(serve: Serve) -> None:
    client = serve(compat={"compreface_gallery": "kept"})
    client.service.galleries("tester").create("kept", keep_crops=True)
    image_id = add(client, "Ada", photo(RED))
    picture = client.get(f"{FACES}/{image_id}/img")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content[:2] == b"\xff\xd8"
    key = str(uuid4())
    client.service.keys.create(NewKey("of a page", Scope.READ), actor="tester", secret=key)
    linked = client.get(f"/api/v1/static/{key}/images/{image_id}")
    assert linked.content == picture.content
    assert linked.headers["cross-origin-resource-policy"] == "cross-origin"
    assert refused(client.get(f"/api/v1/static/{uuid4()}/images/{image_id}")) == (404, 10)


def test_requests_that_create_one_subject_at_the_same_time_come_to_one(client: Served) -> None:
    gallery = client.gallery
    images = [photo(RED), photo(CRIMSON), photo(RUBY)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda image: add_face(gallery, image, "Ada", {}), images))
    assert (gallery.counts.subjects, gallery.counts.faces) == (1, 3)


# Recognition, detection, verification


def test_faces_are_recognized_the_largest_first_with_their_most_similar_subjects(
    client: Served,
) -> None:
    add(client, "Ada", photo(RED))
    add(client, "Bob", photo(GREEN))
    answer = post(client, RECOGNIZE, photo(LIME, CRIMSON), prediction_count=2).json()
    assert answer.keys() == {"result"}
    found = [face["subjects"] for face in answer["result"]]
    assert {tuple(each["subject"] for each in face) for face in found} == {
        ("Ada", "Bob"),
        ("Bob", "Ada"),
    }
    assert all(first["similarity"] > second["similarity"] for first, second in found)
    assert answer["result"][0]["box"] == {
        "probability": 0.99,
        "x_min": 20,
        "y_min": 20,
        "x_max": 80,
        "y_max": 80,
    }


def test_with_nobody_enrolled_a_face_has_no_subjects(client: Served) -> None:
    (face,) = post(client, RECOGNIZE, photo(RED)).json()["result"]
    assert face["subjects"] == []


def test_without_a_face_there_is_an_error_that_clients_know(client: Served) -> None:
    for path in (RECOGNIZE, DETECT):
        assert refused(post(client, path, photo())) == (400, 28)


def test_similarity_is_the_calibrated_probability(serve: Serve) -> None:
    client = serve(calibrated())
    image_id = add(client, "Ada", photo(RED))
    (face,) = post(client, RECOGNIZE, photo(RED)).json()["result"]
    assert face["subjects"] == [{"subject": "Ada", "similarity": pytest.approx(0.99, abs=1e-4)}]
    (face,) = post(client, f"{FACES}/{image_id}/verify", photo(BLUE)).json()["result"]
    assert face["similarity"] < 0.1


def test_similarity_may_be_the_cosine(serve: Serve) -> None:
    client = serve(calibrated(), compat={"similarity": "cosine"})
    image_id = add(client, "Ada", photo(RED))
    (face,) = post(client, f"{FACES}/{image_id}/verify", photo(BLUE)).json()["result"]
    assert 0.2 < face["similarity"] < 0.4


def test_plugins_that_we_have_are_given_and_others_left_out(client: Served) -> None:
    plugins = "landmarks,gender,age,calculator,mask,pose"
    for path in (RECOGNIZE, DETECT):
        (face,) = post(client, path, photo(RED), face_plugins=plugins).json()["result"]
        assert len(face["landmarks"]) == 5
        assert all(isinstance(number, int) for point in face["landmarks"] for number in point)
        assert len(face["embedding"]) == 3
        assert not face.keys() & {"gender", "age", "mask", "pose", "execution_time"}


@pytest.mark.parametrize("path", [RECOGNIZE, DETECT])
def test_status_says_what_made_the_answer_and_how_long_it_took(client: Served, path: str) -> None:
    answer = post(client, path, photo(RED), status="True", face_plugins="calculator").json()
    assert answer["plugins_versions"] == {"detector": "fake@1", "calculator": "fake@1"}
    (face,) = answer["result"]
    assert face["execution_time"].keys() == {"detector", "calculator"}


def test_a_limit_keeps_the_largest_faces(client: Served) -> None:
    assert len(post(client, DETECT, photo(RED, GREEN, BLUE), limit=2).json()["result"]) == 2
    assert len(post(client, DETECT, photo(RED, GREEN, BLUE), limit=0).json()["result"]) == 3


def test_an_image_may_be_one_face_as_a_whole(client: Served) -> None:
    (face,) = post(client, RECOGNIZE, photo(RED, GREEN), detect_faces="false").json()["result"]
    assert (face["box"]["x_min"], face["box"]["x_max"]) == (0, 220)


def test_faces_are_verified_with_an_enrolled_one(client: Served) -> None:
    image_id = add(client, "Ada", photo(RED))
    answer = post(client, f"{FACES}/{image_id}/verify", photo(CRIMSON, BLUE), status="true").json()
    assert {face["subject"] for face in answer["result"]} == {"Ada"}
    same, other = sorted(face["similarity"] for face in answer["result"])[::-1]
    assert same > 0.9 > 0.5 > other
    assert "plugins_versions" in answer


def test_two_images_are_verified(client: Served) -> None:
    files = {"source_image": photo(RED), "target_image": photo(CRIMSON, BLUE)}
    (answer,) = client.post(VERIFY, files=files, params={"status": "true"}).json()["result"]
    assert answer.keys() == {"source_image_face", "face_matches", "plugins_versions"}
    assert answer["source_image_face"].keys() == {"box", "execution_time"}
    assert sorted(face["similarity"] > 0.9 for face in answer["face_matches"]) == [False, True]
    fields = {name: base64.b64encode(image).decode() for name, image in files.items()}
    (again,) = client.post(VERIFY, json=fields).json()["result"]
    assert "plugins_versions" not in again
    assert [face["box"] for face in again["face_matches"]] == [
        face["box"] for face in answer["face_matches"]
    ]


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [(photo(RED, GREEN), photo(RED), 31), (photo(), photo(RED), 28), (photo(RED), photo(), 28)],
)
def test_the_source_of_a_verification_shows_one_face(
    client: Served, source: bytes, target: bytes, code: int
) -> None:
    files = {"source_image": source, "target_image": target}
    assert refused(client.post(VERIFY, files=files)) == (400, code)


def test_ready_templates_are_recognized_and_verified(client: Served) -> None:
    image_id = add(client, "Ada", photo(RED))
    add(client, "Bob", photo(GREEN))
    detected = post(client, DETECT, photo(CRIMSON), face_plugins="calculator").json()
    row = detected["result"][0]["embedding"]
    url = "/api/v1/recognition/embeddings"
    (found,) = client.post(
        f"{url}/recognize", json={"embeddings": [row]}, params={"prediction_count": 2}
    ).json()["result"]
    assert found["embedding"] == row
    assert [each["subject"] for each in found["similarities"]] == ["Ada", "Bob"]
    rows = [[0.0, 0.0, 1.0], row]
    verified = client.post(f"{url}/faces/{image_id}/verify", json={"embeddings": rows}).json()
    assert [each["embedding"] for each in verified["result"]] == rows[::-1]
    said = {"source": row, "targets": rows}
    compared = client.post("/api/v1/verification/embeddings/verify", json=said).json()["result"]
    assert [each["similarity"] for each in compared] == [1.0, pytest.approx(0.3, abs=0.05)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], 26),
        ([[]], 26),
        ([[1.0, 2.0]], 36),
        ([[0.0, 0.0, 0.0]], 26),
        ([[1, 2, "3"]], 26),
        ([[1, 2, True]], 26),
        ([[1, 2, float("inf")]], 26),
        ([1.0, 2.0, 3.0], 26),
        (None, 26),
    ],
)
def test_what_are_no_templates_is_refused(client: Served, rows: object, code: int) -> None:
    body = json.dumps({"embeddings": rows})
    answer = client.post("/api/v1/recognition/embeddings/recognize", content=body)
    assert refused(answer) == (400, code)


@pytest.mark.parametrize("query", ["limit=-1", "prediction_count=0", "det_prob_threshold=2"])
def test_parameters_out_of_range_are_refused(client: Served, query: str) -> None:
    answer = client.post(f"{RECOGNIZE}?{query}", files={"file": photo(RED)})
    assert refused(answer) == (400, 26)


def test_only_so_many_subjects_are_given_at_once(client: Served) -> None:
    url = "/api/v1/recognition/embeddings/recognize?prediction_count=1000"
    answer = client.post(url, json={"embeddings": [[1.0, 0.0, 0.0]] * 51})
    assert refused(answer) == (400, 26)


def test_a_number_that_is_too_large_is_refused(client: Served) -> None:
    body = '{"embeddings": [[1' + "0" * 400 + ", 0, 0]]}"
    answer = client.post("/api/v1/recognition/embeddings/recognize", content=body)
    assert refused(answer) == (400, 26)


# Keys and errors


def test_a_key_of_compreface_is_a_key_of_ours(client: Served) -> None:
    key = str(uuid4())
    client.service.keys.create(NewKey("camera", Scope.ENROLL), actor="tester", secret=key)
    assert refused(client.get(SUBJECTS)) == (400, 20)
    assert refused(client.get(SUBJECTS, headers={"x-api-key": str(uuid4())})) == (404, 10)
    client.headers["x-api-key"] = key
    add(client, "Ada", photo(RED))
    assert names(client) == ["Ada"]
    assert client.delete(f"{SUBJECTS}/Ada").status_code == 200


def test_to_empty_the_collection_a_key_of_an_administrator_is_needed(client: Served) -> None:
    key = str(uuid4())
    client.service.keys.create(NewKey("camera", Scope.ENROLL), actor="tester", secret=key)
    client.headers["x-api-key"] = key
    add(client, "Ada", photo(RED))
    assert refused(client.delete(SUBJECTS)) == (403, 1)
    assert refused(client.delete(FACES)) == (403, 1)
    assert refused(client.delete(FACES, params={"subject": ""})) == (403, 1)
    assert names(client) == ["Ada"]


def test_a_key_of_another_gallery_sees_nothing(client: Served) -> None:
    other = client.service.galleries("tester").create("other")
    key = str(uuid4())
    new = NewKey("elsewhere", Scope.ADMIN, other.id)
    client.service.keys.create(new, actor="tester", secret=key)
    client.headers["x-api-key"] = key
    assert refused(client.get(SUBJECTS)) == (404, 10)
    assert refused(client.delete(SUBJECTS)) == (404, 10)


def test_errors_have_the_codes_and_statuses_of_compreface() -> None:
    assert code_of(NoFace) == (28, 400)
    assert code_of(UnsupportedImage) == (21, 400)
    assert code_of(PoorQuality) == (36, 400)
    assert code_of(Overloaded) == (41, 503)
    assert code_of(StoreBusy) == (41, 503)
    assert code_of(InferenceError) == (41, 500)
    assert code_of(TooManyRequests) == (0, 429)
    assert code_of(GalleryError) == (0, 409)
    assert len(CODES) == len(set(CODES))


def test_the_facade_can_be_switched_off(serve: Serve) -> None:
    client = serve(compat={"compreface": False})
    assert client.get(SUBJECTS).json()["code"] == "route_not_found"
