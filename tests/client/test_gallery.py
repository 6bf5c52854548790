from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from scripted_server import Answer, Script, scripted_server
from vultus.client import Client, ServerGallery
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.face import Box
from vultus.domain.outcome import Refused
from vultus.domain.subject import Typed
from vultus.errors import (
    AnswerInvalid,
    GalleryNotFound,
    InvalidValue,
    NoFace,
    StoreBusy,
    SubjectAmbiguous,
    SubjectNotFound,
    VersionConflict,
)

GALLERY = {
    "id": "g1",
    "name": "staff",
    "model": {"pack": "dlib", "version": "1"},
    "dim": 3,
    "keep_crops": False,
    "policy": None,
    "revision": 4,
    "subjects": 2,
    "faces": 3,
    "created_at": "2026-11-20T10:00:00Z",
}


def subject(name: str, **known: Any) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "name": name,
        "external_id": None,
        "attributes": {},
        "consent": None,
        "retain_until": None,
        "faces": 1,
        "version": 1,
        "created_at": "2026-11-20T10:00:00.5Z",
        "updated_at": "2026-11-20T10:00:00.5Z",
    } | known


def refused(code: str) -> dict[str, Any]:
    problem = {"code": code, "detail": "…"}
    return {"images": [{"image": 0, "outcome": "refused", "problem": problem}]}


@contextmanager
def opened(*steps: Answer) -> Iterator[tuple[ServerGallery, Script]]:
    """A gallery whose server does these steps once it is open."""
    with scripted_server(Answer(body=GALLERY), *steps) as script, Client(script.url) as client:
        gallery = client.galleries.open("staff")
        script.asked.clear()
        yield gallery, script


def asked(script: Script) -> list[tuple[str, str, dict[str, str]]]:
    parts = [(each.method, urlsplit(each.path)) for each in script.asked]
    return [(method, unquote(url.path), dict(parse_qsl(url.query))) for method, url in parts]


def test_a_list_is_asked_for_page_by_page_as_it_is_come_to() -> None:
    pages = [
        Answer(body={"items": [subject("Ada"), subject("Bob")], "next": "c1"}),
        Answer(body={"items": [subject("Cy")], "next": None}),
    ]
    with opened(*pages) as (gallery, script):
        found = gallery.all_subjects("a", {"team": "7", "age": 42, "code": Typed("4.20")})
        assert next(found).subject.name == "Ada"
        assert len(script.asked) == 1
        assert [each.subject.name for each in found] == ["Bob", "Cy"]
        first, second = asked(script)
    query = {"q": "a", "limit": "200", "attributes.team": '"7"'}
    query |= {"attributes.age": "42", "attributes.code": "4.20"}
    assert first == ("GET", "/v1/galleries/g1/subjects", query)
    assert second == ("GET", "/v1/galleries/g1/subjects", query | {"cursor": "c1"})


def test_a_name_with_a_slash_is_found_by_a_search() -> None:
    found = Answer(body={"items": [subject("AC/DCs"), subject("AC/DC")], "next": None})
    with opened(found, Answer(body=subject("AC/DC"))) as (gallery, script):
        assert gallery.subject("AC/DC").subject.id == "id-AC/DC"
        assert asked(script)[1][1] == "/v1/galleries/g1/subjects/id-AC/DC"
        assert "id-AC%2FDC" in script.asked[1].path


def test_two_of_one_name_with_a_slash_are_not_guessed() -> None:
    found = Answer(body={"items": [subject("AC/DC"), subject("AC/DC", id="2")], "next": None})
    with opened(found) as (gallery, _), pytest.raises(SubjectAmbiguous, match="id-AC/DC, 2"):
        gallery.subject("AC/DC")


def test_a_gallery_with_a_slash_is_found_in_the_list() -> None:
    listed = Answer(body={"items": [GALLERY | {"name": "a/b"}], "next": None})
    gone = Answer(204, b"")
    with scripted_server(listed, listed, gone, listed) as script, Client(script.url) as client:
        assert client.galleries.open("a/b").id == "g1"
        client.galleries.delete("a/b")
        with pytest.raises(GalleryNotFound):
            client.galleries.open("a/c")
        assert script.asked[2].path == "/v1/galleries/g1"


def test_nobody_is_called_nothing() -> None:
    with opened() as (gallery, script):
        with pytest.raises(SubjectNotFound):
            gallery.subject("")
        assert script.asked == []


def test_two_dots_stay_a_name_on_the_way() -> None:
    with opened(Answer(body=subject(".."))) as (gallery, script):
        gallery.subject("..")
        assert script.asked[0].path == "/v1/galleries/g1/subjects/%2E%2E"


def test_a_person_who_may_be_new_is_sent_with_all_that_is_known(tmp_path: Path) -> None:
    ada = NewSubject("Ada", "7", {"n": 1, "t": "1"}, "paper", date(2031, 12, 31))
    with opened(Answer(body=refused("no_face"))) as (gallery, script):
        (outcome,) = gallery.enroll(ada, b"photo", box=Box(1, 2, 3.5, 4))
        query = {"box": "1,2,3.5,4", "face_only": "false"}
        assert asked(script) == [("POST", "/v1/galleries/g1/faces", query)]
        (sent,) = script.asked
    assert (
        b'{"name": "Ada", "external_id": "7", "attributes": {"n": 1, "t": "1"}, '
        b'"consent": "paper", "retain_until": "2031-12-31"}'
    ) in sent.body
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.error, NoFace)


def test_one_bad_photo_is_refused_and_a_bad_server_ends_the_work(tmp_path: Path) -> None:
    no_face = {"code": "no_face", "detail": "…"}
    busy = {"code": "store_busy", "store": "here", "problem": "locked", "detail": "…"}
    with opened(Answer(422, no_face), Answer(500, busy)) as (gallery, script):
        outcomes = gallery.enroll_photos([_Photo(b"1"), _Photo(InvalidValue), _Photo(b"2")])
        assert isinstance(next(outcomes), Refused)
        assert isinstance(next(outcomes), Refused)
        assert len(script.asked) == 1
        with pytest.raises(StoreBusy):
            next(outcomes)


class _Photo:
    name, subject, box = "photo", "id-Ada", None

    def __init__(self, content: bytes | type[InvalidValue]) -> None:
        self._content = content

    def read(self, max_bytes: int) -> bytes:
        if isinstance(self._content, bytes):
            return self._content
        raise self._content("photo", "it cannot be read")


def test_a_change_says_what_changes_and_of_which_version() -> None:
    change = SubjectChange(external_id=None, attributes={"a": [1]}, retain_until=date(2031, 1, 2))
    with opened(Answer(body=subject("Ada"))) as (gallery, script):
        gallery.change_subject("Ada", change, expected_version=3)
        (sent,) = script.asked
    assert sent.method == "PATCH"
    assert sent.json == {
        "external_id": None,
        "attributes": {"a": [1]},
        "retain_until": "2031-01-02",
    }
    assert sent.headers["if-match"] == '"3"'


@pytest.mark.parametrize(("expected", "sent"), [(3, '"3"'), (None, None)])
def test_a_deletion_may_be_of_one_version_alone(expected: int | None, sent: str | None) -> None:
    with opened(Answer(204, b"")) as (gallery, script):
        gallery.delete_subject("Ada", expected_version=expected)
        (asked_for,) = script.asked
    assert (asked_for.method, asked_for.headers.get("if-match")) == ("DELETE", sent)


def test_a_deletion_of_another_version_is_a_conflict() -> None:
    conflict = {"code": "version_conflict", "subject": "Ada", "expected": 3, "actual": 4}
    answer = Answer(412, conflict | {"detail": "…"})
    with opened(answer) as (gallery, _), pytest.raises(VersionConflict, match="version 4, not 3"):
        gallery.delete_subject("Ada", expected_version=3)


def test_a_box_says_whose_face_goes_into_the_mean() -> None:
    with opened(Answer(body={"mean": None, "refused": []})) as (gallery, script):
        gallery.update_template("Ada", b"photo", box=Box(1, 2, 3.5, 4), face_only=True)
        query = {"box": "1,2,3.5,4", "face_only": "true"}
        assert asked(script) == [("PUT", "/v1/galleries/g1/subjects/Ada/template", query)]


@pytest.mark.parametrize("vectors", [[["a"]], [[1, 2], [3]], [[[1.0]]], [[float("nan")]]])
def test_what_are_no_templates_is_refused_before_it_is_sent(vectors: Any) -> None:
    with opened() as (gallery, script):
        with pytest.raises(InvalidValue, match="templates"):
            gallery.identify_templates(vectors)
        assert script.asked == []


def test_duplicates_come_from_as_many_pages_as_were_asked_for() -> None:
    pair = {
        "first": {"id": "1", "name": "Ada", "external_id": None},
        "second": {"id": "2", "name": "Bob", "external_id": None},
        "similarity": 0.9,
        "probability": None,
        "first_face": "f1",
        "second_face": "f2",
    }
    pages = [Answer(body={"items": [pair] * 200, "next": "c"})] * 2
    with opened(*pages) as (gallery, script):
        assert len(gallery.duplicates(0.5, limit=250)) == 250
        assert len(script.asked) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"id": "1"},
        subject("Ada", created_at="yesterday"),
        subject("Ada", created_at=7),
        subject(""),
        subject("Ada", version=None),
    ],
)
def test_an_answer_that_lacks_something_is_not_understood(body: dict[str, Any]) -> None:
    with opened(Answer(body=body)) as (gallery, _), pytest.raises(AnswerInvalid):
        gallery.subject("Ada")


def test_a_gallery_that_is_not_there_is_told() -> None:
    gone = {"code": "gallery_not_found", "gallery": "staff", "detail": "…"}
    with scripted_server(Answer(404, gone)) as script, Client(script.url) as client:
        with pytest.raises(GalleryNotFound):
            client.galleries.open("staff")
        assert script.asked[0].path == "/v1/galleries/staff"
