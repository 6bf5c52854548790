"""An archive is proved by comparing what the two galleries answer."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fakes import MemoryBlobs, template
from painted import CRIMSON, GREEN, LIME, RED, photo, square_recognizer
from vultus.domain.changes import NewSubject
from vultus.domain.gallery import GalleryFace, ThresholdPolicy
from vultus.domain.template import ModelId
from vultus.errors import (
    ArchiveInvalid,
    ArchiveUnwritable,
    GalleryModelMismatch,
    GalleryNotFound,
    VultusError,
)
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery


@pytest.fixture
def staff(galleries: Galleries) -> OpenGallery:
    staff = galleries.create("staff", keep_crops=True)
    ada = NewSubject("عَدَا 🦅", "2576", {"team": {"n": [1, None]}}, "paper", date(2031, 12, 31))
    staff.enroll(ada, [photo(RED), photo(CRIMSON)])
    staff.enroll("Bob", photo(GREEN))
    staff.update_template("Bob", [photo(LIME), photo(GREEN)])
    staff.add_subject(NewSubject("Nobody yet"))
    return staff


def face_facts(face: GalleryFace) -> tuple:
    return (
        face.id,
        face.template.vector.tolist(),
        face.weight,
        face.resultant,
        face.running,
        face.quality,
        face.box,
        face.source_digest,
        face.created_at,
    )


def facts(gallery: OpenGallery) -> list[tuple]:
    """Everything that a gallery says of its subjects and faces, but for its own name and crops."""
    return [
        (
            each.subject,
            dict(each.subject.attributes),
            each.consent,
            each.retain_until,
            each.created_at,
            [face_facts(face) for face in gallery.faces(each.subject)],
        )
        for each in gallery.subjects().items
    ]


def test_a_restored_gallery_is_the_same_and_answers_the_same(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    assert staff.export(tmp_path / "staff.vultus") == 3
    imported = galleries.import_archive(tmp_path / "staff.vultus", name="restored")
    assert (imported.subjects, imported.of) == (3, 3)
    restored = galleries.open("restored")
    assert facts(restored) == facts(staff)
    assert restored.info.model == staff.info.model
    probes = np.random.default_rng(1).normal(size=(50, 3))
    for before, after in zip(
        staff.identify_templates(probes), restored.identify_templates(probes), strict=True
    ):
        assert after == before


def test_the_policy_travels_along(galleries: Galleries, tmp_path: Path) -> None:
    staff = galleries.create("door")
    staff.set_policy(ThresholdPolicy("fpir", 0.01))
    staff.export(tmp_path / "door.zip")
    restored = galleries.import_archive(tmp_path / "door.zip", name="again").gallery
    assert restored.policy == ThresholdPolicy("fpir", 0.01)


def test_crops_travel_along_under_names_of_the_new_gallery(
    galleries: Galleries, staff: OpenGallery, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    imported = galleries.import_archive(tmp_path / "staff.vultus", name="restored")
    restored = galleries.open("restored")
    for before, after in zip(staff.faces("2576"), restored.faces("2576"), strict=True):
        assert str(after.crop).startswith(f"crops/{imported.gallery.id}/")
        assert blobs.get(str(after.crop)) == blobs.get(str(before.crop))


def test_a_crop_that_is_gone_does_not_keep_the_rest(
    galleries: Galleries, staff: OpenGallery, blobs: MemoryBlobs, tmp_path: Path
) -> None:
    blobs.delete(str(staff.faces("2576")[0].crop))
    staff.export(tmp_path / "staff.vultus")
    galleries.import_archive(tmp_path / "staff.vultus", name="restored")
    first, second = galleries.open("restored").faces("2576")
    assert first.crop is None
    assert second.crop is not None


def test_an_import_can_be_repeated(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    steps: list[tuple[int, int]] = []
    again = galleries.import_archive(
        tmp_path / "staff.vultus", step=lambda done, of: steps.append((done, of))
    )
    assert (again.gallery.id, again.subjects, again.of) == (staff.id, 0, 3)
    assert steps == [(3, 3)]
    assert staff.counts.subjects == 3


def test_an_import_brings_back_a_subject_that_was_deleted(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    before = facts(staff)
    staff.export(tmp_path / "staff.vultus")
    staff.delete_subject("Bob")
    assert galleries.import_archive(tmp_path / "staff.vultus").subjects == 1
    assert sorted(facts(staff), key=str) == sorted(before, key=str)


def test_an_import_brings_back_what_was_lost(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    galleries.delete("staff")
    with pytest.raises(GalleryNotFound):
        galleries.open("staff")
    galleries.import_archive(tmp_path / "staff.vultus")
    assert galleries.open("staff").identify(photo(LIME))[0].subject is not None


def test_a_gallery_of_another_model_is_not_mixed_with_it(
    open_galleries, galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    other = open_galleries(square_recognizer(model=ModelId("other", "1")))
    other.create("theirs")
    with pytest.raises(GalleryModelMismatch):
        other.import_archive(tmp_path / "staff.vultus", name="theirs")


def test_an_archive_that_cannot_be_written_leaves_nothing(
    staff: OpenGallery, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveUnwritable):
        staff.export(tmp_path / "no" / "such" / "folder.vultus")
    (tmp_path / "taken").mkdir()
    with pytest.raises(ArchiveUnwritable):
        staff.export(tmp_path / "taken")
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


def test_an_export_that_fails_keeps_the_archive_that_was_there(
    staff: OpenGallery, blobs: MemoryBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "staff.vultus"
    staff.export(target)
    before = target.read_bytes()

    def unreadable(name: str) -> bytes:
        raise VultusError

    monkeypatch.setattr(blobs, "get", unreadable)
    with pytest.raises(VultusError):
        staff.export(target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".*.part")] == []


def test_a_damaged_archive_changes_nothing(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    path = tmp_path / "staff.vultus"
    staff.export(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveInvalid):
        galleries.import_archive(path, name="restored")
    with pytest.raises(GalleryNotFound):
        galleries.open("restored")


def test_an_export_is_recorded(staff: OpenGallery, tmp_path: Path) -> None:
    staff.export(tmp_path / "staff.vultus")
    events = staff.workings.store.events(gallery_id=staff.id, limit=100)
    assert events[-1].action == "gallery.exported"
    assert events[-1].actor == "tester"


def test_the_running_mean_goes_on_in_the_restored_gallery(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    galleries.import_archive(tmp_path / "staff.vultus", name="restored")
    means = [
        galleries.open(name).update_template_with("Bob", [[0, 0, 1]])
        for name in ("staff", "restored")
    ]
    assert means[0].weight == means[1].weight == 3
    assert means[0].template.similarity(means[1].template) == pytest.approx(1)
    assert means[0].template.similarity(template(0, 0, 1)) > 0.1


def test_a_photo_that_was_folded_in_is_known_in_the_restored_gallery(
    galleries: Galleries, staff: OpenGallery, tmp_path: Path
) -> None:
    staff.export(tmp_path / "staff.vultus")
    galleries.import_archive(tmp_path / "staff.vultus", name="restored")
    update = galleries.open("restored").update_template("Bob", photo(LIME))
    assert update.mean is not None
    assert update.mean.weight == 2


def test_a_gallery_without_crops_is_restored_too(galleries: Galleries, tmp_path: Path) -> None:
    galleries.create("bare").enroll("Ada", photo(RED))
    galleries.open("bare").export(tmp_path / "bare.vultus")
    galleries.import_archive(tmp_path / "bare.vultus", name="restored")
    assert facts(galleries.open("restored")) == facts(galleries.open("bare"))
