from starlette.testclient import TestClient


def test_a_gallery_is_created_shown_changed_and_deleted(client: TestClient) -> None:
    made = client.post("/v1/galleries", json={"name": "guests", "keep_crops": True})
    assert made.status_code == 201
    shown = client.get("/v1/galleries/guests").json()
    assert shown == made.json()
    assert (shown["model"], shown["dim"]) == ({"pack": "fake", "version": "1"}, 3)
    assert (shown["keep_crops"], shown["subjects"], shown["faces"]) == (True, 0, 0)
    renamed = client.patch(f"/v1/galleries/{shown['id']}", json={"name": "friends"}).json()
    assert (renamed["id"], renamed["name"], renamed["keep_crops"]) == (shown["id"], "friends", True)
    assert client.delete("/v1/galleries/friends").status_code == 204
    assert client.get("/v1/galleries/friends").status_code == 404


def test_a_gallery_has_a_policy_of_its_own_until_it_is_taken_away(client: TestClient) -> None:
    policy = {"kind": "fpir", "fpir": 0.01}
    changed = client.patch("/v1/galleries/staff", json={"policy": policy}).json()
    assert changed["policy"] == policy
    assert client.patch("/v1/galleries/staff", json={}).json()["policy"] == policy
    assert client.patch("/v1/galleries/staff", json={"policy": None}).json()["policy"] is None
    wrong = client.patch("/v1/galleries/staff", json={"policy": {"kind": "fpir"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_value")


def test_galleries_are_listed_by_name_page_by_page(client: TestClient) -> None:
    for name in ("d", "a", "c", "b"):
        client.post("/v1/galleries", json={"name": name})
    names, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/galleries", params=query).json()
        names += [each["name"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert names == ["a", "b", "c", "d", "staff"]
