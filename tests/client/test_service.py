"""The client on the service itself, over a network that is not to be trusted."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from cutting_proxy import CuttingProxy, cutting_proxy
from painted import RED, photo, slow_recognizer
from running_service import running_service, service_settings
from service import painted_service, settings_of
from vultus.client import Client
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.face import Box
from vultus.domain.outcome import AlreadyThere, Enrolled
from vultus.errors import (
    FaceNotAtBox,
    ImageRefused,
    NoFace,
    SubjectAmbiguous,
    VersionConflict,
)
from vultus.gallery.store.opening import open_store


@pytest.fixture(scope="module")
def address(vultus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = service_settings(vultus_home, tmp_path_factory.mktemp("service"))
    with running_service(settings) as url:
        yield url


class Forgetful(httpx2.BaseTransport):
    """A network that loses the answer to every request that is sent the first time."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport()
        self._lost = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        self._lost = not self._lost
        if self._lost:
            response.read()
            raise httpx2.ReadError("the connection was cut", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, transport=Forgetful()) as client:
        yield client


def test_a_write_whose_answer_was_lost_is_carried_out_once(client: Client) -> None:
    gallery = client.galleries.create("written")
    assert [each.name for each in client.galleries.list()].count("written") == 1
    ada = gallery.add_subject(NewSubject("Ada"))
    gallery.add_subject(NewSubject("Bob"))
    changed = gallery.change_subject(ada.subject, SubjectChange(name="Ada King"))
    assert changed.version == 2
    assert [each.subject.name for each in gallery.all_subjects()] == ["Ada King", "Bob"]
    with pytest.raises(VersionConflict):
        gallery.change_subject(ada.subject, SubjectChange(name="Eve"), expected_version=1)
    with pytest.raises(VersionConflict):
        gallery.delete_subject(ada.subject, expected_version=1)
    merged = gallery.merge("Ada King", "Bob")
    assert [each.id for each in gallery.merges()] == [merged.id]
    assert gallery.delete_all_subjects() == 1
    client.galleries.delete("written")


@pytest.fixture
def broken_off(tmp_path: Path, sqlite_url: str) -> Iterator[CuttingProxy]:
    """A slow service behind a network that cuts the first connection that enrolls a face."""
    slow = painted_service(open_store(sqlite_url), slow_recognizer(1.5))
    with (
        running_service(settings_of(tmp_path), lambda _: slow) as url,
        cutting_proxy(url, b"/faces", after_s=0.3) as proxy,
    ):
        yield proxy


def test_a_write_that_goes_on_when_the_connection_is_cut_is_waited_for(
    broken_off: CuttingProxy,
) -> None:
    with Client(broken_off.url) as client:
        gallery = client.galleries.create("people")
        (outcome,) = gallery.enroll("Ada", photo(RED))
        assert broken_off.cut.is_set()
        assert isinstance(outcome, Enrolled)
        assert outcome.created
        assert (gallery.counts.subjects, gallery.counts.faces) == (1, 1)


def test_two_of_one_name_are_not_guessed(client: Client) -> None:
    gallery = client.galleries.create("twins")
    for _ in range(2):
        gallery.add_subject(NewSubject("Ada"))
    with pytest.raises(SubjectAmbiguous):
        gallery.subject("Ada")


def test_photos_are_enrolled_and_recognised(client: Client, portraits: Path) -> None:
    photos = portraits / "photos"
    gallery = client.galleries.open_or_create("people")
    (outcome,) = gallery.enroll("Barack", photos / "address.jpg")
    assert isinstance(outcome, Enrolled)
    assert outcome.created
    (again,) = gallery.enroll("Barack", (photos / "address.jpg").read_bytes())
    assert isinstance(again, AlreadyThere)
    (face,) = gallery.identify(photos / "blue_room.jpg")
    assert face.decision == "match"
    assert face.subject is not None
    assert face.subject.name == "Barack"
    (stranger,) = gallery.identify(photos / "stranger.jpg")
    assert stranger.decision == "unknown"
    assert stranger.subject is None
    assert gallery.verify(photos / "blue_room.jpg", "Barack").decision == "match"
    (template,) = [face.template for face in client.faces(photos / "blue_room.jpg")]
    assert template.model == client.model == gallery.info.model
    assert template.vector.shape == (client.dim,)
    (same,) = gallery.identify_templates(template.vector)
    assert same.similarity == pytest.approx(face.similarity, abs=1e-6)
    assert gallery.counts.faces == 1


def test_a_running_mean_goes_on_with_each_photo(client: Client, portraits: Path) -> None:
    photos = portraits / "photos"
    gallery = client.galleries.open_or_create("means")
    gallery.add_subject(NewSubject("Barack"))
    update = gallery.update_template("Barack", [photos / "address.jpg", photos / "blue_room.jpg"])
    assert update.mean is not None
    assert (update.mean.weight, update.refused) == (2, ())
    again = gallery.update_template("Barack", photos / "address.jpg")
    assert again.mean is not None
    assert again.mean.weight == 2
    elsewhere = gallery.update_template("Barack", photos / "address.jpg", box=Box(1, 1, 9, 9))
    (refused,) = elsewhere.refused
    assert isinstance(refused.error, FaceNotAtBox)


def test_what_is_wrong_with_a_photo_is_told_as_at_home(client: Client, tmp_path: Path) -> None:
    import numpy as np
    from PIL import Image

    grey = tmp_path / "grey.png"
    Image.fromarray(np.full((200, 200, 3), 99, np.uint8)).save(grey)
    assert client.detect(grey) == []
    (tmp_path / "text.jpg").write_text("no image")
    for images, error in (((grey, grey), NoFace), ((tmp_path / "text.jpg", grey), ImageRefused)):
        with pytest.raises(error) as caught:
            client.verify(*images)
        assert caught.value.image == str(images[0])
    gallery = client.galleries.open_or_create("nobody")
    gallery.add_subject(NewSubject("Ada"))
    with pytest.raises(NoFace) as caught:
        gallery.verify(grey, "Ada")
    assert caught.value.image == str(grey)
