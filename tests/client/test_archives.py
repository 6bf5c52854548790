"""Archives on their way over a network that is not to be trusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripted_server import Answer, Cut, Script, scripted_server
from vultus.client import Client
from vultus.errors import (
    AnswerInvalid,
    ArchiveInvalid,
    ArchiveTooNew,
    ArchiveUnwritable,
    GalleryNotFound,
)

GALLERY = {
    "id": "g1",
    "name": "staff",
    "model": {"pack": "dlib", "version": "1"},
    "dim": 3,
    "keep_crops": False,
    "policy": {"kind": "fpir", "fpir": 0.01},
    "revision": 4,
    "subjects": 2,
    "faces": 3,
    "created_at": "2026-11-20T10:00:00Z",
}
CONTENT = b"an archive" * 100_000
ARCHIVE = Answer(body=CONTENT, headers={"vultus-subjects": "2"})
GONE = Answer(404, {"code": "gallery_not_found", "gallery": "staff", "detail": "\u2026"})


@contextmanager
def connected(*steps: Answer | Cut) -> Iterator[tuple[Client, Script]]:
    with scripted_server(*steps) as script, Client(script.url) as client:
        yield client, script


def test_an_archive_is_there_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "staff.vultus"
    with connected(Answer(body=GALLERY), Cut(), ARCHIVE) as (client, script):
        assert client.galleries.open("staff").export(target) == 2
        assert script.asked[-1].path == "/v1/galleries/g1/archive"
    assert target.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("answer", [GONE, Answer(body=b"half", headers={"vultus-subjects": ""})])
def test_an_archive_that_did_not_come_leaves_what_was_there(tmp_path: Path, answer: Answer) -> None:
    target = tmp_path / "staff.vultus"
    target.write_bytes(b"of before")
    with connected(Answer(body=GALLERY), answer) as (client, _):
        gallery = client.galleries.open("staff")
        with pytest.raises(GalleryNotFound if answer is GONE else AnswerInvalid):
            gallery.export(target)
    assert target.read_bytes() == b"of before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_to_is_named_and_nothing_is_asked(tmp_path: Path) -> None:
    with connected(Answer(body=GALLERY)) as (client, script):
        gallery = client.galleries.open("staff")
        with pytest.raises(ArchiveUnwritable, match="no/such"):
            gallery.export(tmp_path / "no" / "such")
        assert len(script.asked) == 1


def test_an_archive_is_sent_whole_again_after_the_connection_broke(tmp_path: Path) -> None:
    source = tmp_path / "staff.vultus"
    source.write_bytes(CONTENT)
    imported = Answer(body={"gallery": GALLERY, "subjects": 1, "of": 2})
    with connected(Cut(), imported) as (client, script):
        found = client.galleries.import_archive(source, name="restored")
        first, second = script.asked
    assert first.path == second.path == "/v1/galleries:import?as=restored"
    assert first.body == second.body == CONTENT
    assert second.headers["content-length"] == str(len(CONTENT))
    assert (found.gallery.name, found.subjects, found.of) == ("staff", 1, 2)
    assert found.gallery.policy is not None
    assert found.gallery.policy.fpir == 0.01


def test_what_the_server_says_of_an_archive_is_said_of_the_file_here(tmp_path: Path) -> None:
    source = tmp_path / "staff.vultus"
    with connected() as (client, script):
        with pytest.raises(ArchiveInvalid, match="No such file"):
            client.galleries.import_archive(source)
        assert script.asked == []
    source.write_bytes(b"x")
    wrong = {
        "code": "archive_invalid",
        "path": "that was sent",
        "problem": "no",
        "detail": "\u2026",
    }
    new = {"code": "archive_too_new", "path": "x", "version": 9, "newest": 1, "detail": "\u2026"}
    for body, kind in ((wrong, ArchiveInvalid), (new, ArchiveTooNew)):
        named = pytest.raises(kind, match=source.name)
        with connected(Answer(422, body)) as (client, _), named:
            client.galleries.import_archive(source)
