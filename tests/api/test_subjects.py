import pytest
from starlette.testclient import TestClient

from painted import RED, photo

SUBJECTS = "/v1/galleries/staff/subjects"
ADA = {
    "name": "Ada Lovelace",
    "external_id": "2576",
    "attributes": {"department": "engines", "floor": 7},
    "consent": "signed",
    "retain_until": "2030-01-31",
}


def names(client: TestClient, **query: str) -> list[str]:
    return [each["name"] for each in client.get(SUBJECTS, params=query).json()["items"]]


def test_a_subject_is_created_and_found_by_what_it_is_called(client: TestClient) -> None:
    made = client.post(SUBJECTS, json=ADA)
    assert made.status_code == 201
    assert made.json() | ADA == made.json()
    assert (made.json()["faces"], made.json()["version"]) == (0, 1)
    for said in (made.json()["id"], "2576", "Ada Lovelace"):
        assert client.get(f"{SUBJECTS}/{said}").json() == made.json()
    assert client.get(f"{SUBJECTS}/Ada").status_code == 404


def test_several_of_one_name_are_told_apart_by_their_ids(client: TestClient) -> None:
    ids = [client.post(SUBJECTS, json={"name": "Ada"}).json()["id"] for _ in range(2)]
    answer = client.get(f"{SUBJECTS}/Ada")
    assert (answer.status_code, answer.json()["code"]) == (409, "subject_ambiguous")
    assert all(each in answer.json()["detail"] for each in ids)


def test_subjects_are_listed_searched_and_filtered(client: TestClient) -> None:
    client.post(SUBJECTS, json=ADA)
    client.post(SUBJECTS, json={"name": "Bob", "attributes": {"floor": "7"}})
    assert names(client) == ["Ada Lovelace", "Bob"]
    assert names(client, q="love") == ["Ada Lovelace"]
    assert names(client, q="lovelase") == ["Ada Lovelace"]
    assert names(client, **{"attributes.department": "engines"}) == ["Ada Lovelace"]
    assert names(client, **{"attributes.floor": "7"}) == ["Ada Lovelace", "Bob"]
    assert names(client, **{"attributes.floor": "7.0"}) == ["Ada Lovelace"]
    assert names(client, **{"attributes.floor": '"7"'}) == ["Bob"]
    first = client.get(SUBJECTS, params={"limit": 1}).json()
    assert names(client, cursor=first["next"]) == ["Bob"]


def test_a_change_leaves_what_it_does_not_name(client: TestClient) -> None:
    client.post(SUBJECTS, json=ADA)
    changed = client.patch(f"{SUBJECTS}/2576", json={"name": "Ada King", "consent": None}).json()
    assert changed["name"] == "Ada King"
    assert changed["consent"] is None
    assert changed["attributes"] == ADA["attributes"]
    assert changed["version"] == 2


def test_an_etag_keeps_one_from_overwriting_what_another_changed(client: TestClient) -> None:
    made = client.post(SUBJECTS, json=ADA)
    etag = made.headers["etag"]
    assert client.get(f"{SUBJECTS}/2576").headers["etag"] == etag
    first = client.patch(f"{SUBJECTS}/2576", json={"name": "A"}, headers={"If-Match": etag})
    assert first.headers["etag"] != etag
    for method, body in (("PATCH", {"name": "B"}), ("DELETE", None)):
        late = client.request(method, f"{SUBJECTS}/2576", json=body, headers={"If-Match": etag})
        assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    wrong = client.delete(f"{SUBJECTS}/2576", headers={"If-Match": "yesterday's"})
    assert wrong.status_code == 422
    last = client.delete(f"{SUBJECTS}/2576", headers={"If-Match": first.headers["etag"]})
    assert last.status_code == 204


def test_an_etag_changes_with_the_faces_of_a_subject(client: TestClient) -> None:
    etags = [client.post(SUBJECTS, json=ADA).headers["etag"]]

    def now() -> str:
        etags.append(client.get(f"{SUBJECTS}/2576").headers["etag"])
        return etags[-1]

    faces, files = f"{SUBJECTS}/2576/faces", {"image": photo(RED)}
    (image,) = client.post(faces, files=files).json()["images"]
    now()
    refused = client.delete(f"{SUBJECTS}/2576", headers={"If-Match": etags[0]})
    assert refused.json()["code"] == "version_conflict"
    client.put(f"{SUBJECTS}/2576/template", json={"templates": [[1, 0, 0]]})
    now()
    client.delete(f"{faces}/{image['face']['id']}")
    now()
    assert len(set(etags)) == len(etags)
    client.post(faces, files={"image": photo()})
    assert now() == etags[-2]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ('"1"', 204),
        ("*", 204),
        ('"7", "1"', 204),
        ('W/"7" , "1"', 204),
        ('"a", "1"', 204),
        ('W/"1"', 412),
        ('W/"1", "2"', 412),
        ('"2"', 412),
        ('"01"x', 422),
        ("1", 422),
        ('"1", ', 422),
        ('"1" "2"', 422),
        ("yesterday's", 422),
        ("", 422),
    ],
)
def test_if_match_names_the_versions_that_will_do(
    client: TestClient, said: str, status: int
) -> None:
    client.post(SUBJECTS, json=ADA)
    answer = client.delete(f"{SUBJECTS}/2576", headers={"If-Match": said})
    assert answer.status_code == status


def test_a_deleted_subject_can_be_restored(client: TestClient) -> None:
    subject = client.post(SUBJECTS, json=ADA).json()
    client.delete(f"{SUBJECTS}/2576")
    assert names(client) == []
    assert client.post(f"{SUBJECTS}/{subject['id']}:restore").json()["name"] == "Ada Lovelace"
    assert names(client) == ["Ada Lovelace"]


def test_deleting_everybody_asks_for_the_name_of_the_gallery(client: TestClient) -> None:
    client.post(SUBJECTS, json=ADA)
    for query in ({}, {"confirm": "yes"}):
        refused = client.delete(SUBJECTS, params=query)
        assert (refused.status_code, refused.json()["code"]) == (422, "confirmation_missing")
    assert client.delete(SUBJECTS, params={"confirm": "staff"}).json() == {"subjects": 1}
    assert names(client) == []


def test_subjects_are_merged_and_the_merge_is_undone(client: TestClient) -> None:
    for name in ("Ada", "A. Lovelace", "Countess"):
        client.post(SUBJECTS, json={"name": name})
    body = {"into": "Ada", "others": ["A. Lovelace", "Countess"]}
    merge = client.post("/v1/galleries/staff/subjects:merge", json=body).json()
    assert names(client) == ["Ada"]
    assert client.get("/v1/galleries/staff/merges").json() == {"items": [merge], "next": None}
    returned = client.post(f"/v1/galleries/staff/merges/{merge['id']}:undo").json()["items"]
    assert {each["name"] for each in returned} == {"A. Lovelace", "Countess"}
    assert len(names(client)) == 3
    again = client.post(f"/v1/galleries/staff/merges/{merge['id']}:undo")
    assert again.json()["code"] in ("merge_not_found", "merge_not_undoable")
