from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from fakes import MemoryBlobs, template
from painted import CRIMSON, GREEN, RED, RUBY, photo
from vultus.domain.changes import NewSubject, SubjectChange
from vultus.domain.gallery import GalleryCounts
from vultus.errors import (
    ExternalIdTaken,
    FaceNotFound,
    GalleryNotFound,
    InvalidMerge,
    InvalidValue,
    MergeNotFound,
    SubjectAmbiguous,
    SubjectNotFound,
    VersionConflict,
)
from vultus.gallery.search.faiss import FaissIndex
from vultus.gallery.search.indexes import Indexes
from vultus.gallery.search.snapshot import Snapshots
from vultus.gallery.store.port import Store
from vultus.gallery.store.requests import Purged
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery


def test_a_subject_answers_to_its_id_its_external_id_and_its_name(gallery: OpenGallery) -> None:
    ada = gallery.add_subject(NewSubject("Ada", "2576"))
    assert [gallery.subject(said) for said in (ada.subject.id, "2576", "Ada")] == [ada] * 3
    assert gallery.subject(ada.subject) == ada


def test_an_external_id_that_is_anothers_name_is_not_guessed(gallery: OpenGallery) -> None:
    gallery.add_subject(NewSubject("Ada", "7"))
    gallery.add_subject(NewSubject("7"))
    with pytest.raises(SubjectAmbiguous):
        gallery.delete_subject("7")
    assert gallery.counts.subjects == 2


def test_subjects_are_found_page_by_page(gallery: OpenGallery) -> None:
    for number in range(5):
        gallery.add_subject(NewSubject(f"Ada {number}", attributes={"odd": number % 2}))
    first = gallery.subjects("ada", limit=3)
    rest = gallery.subjects("ada", limit=3, cursor=first.cursor)
    names = [each.subject.name for page in (first, rest) for each in page.items]
    assert names == [f"Ada {number}" for number in range(5)]
    assert rest.cursor is None
    assert len(gallery.subjects(attributes={"odd": 1}).items) == 2


def test_a_subject_is_renamed_and_found_by_its_new_name(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.change_subject("Ada", SubjectChange(name="Ada Lovelace"))
    (answer,) = gallery.identify(photo(CRIMSON))
    assert answer.subject is not None
    assert answer.subject.name == "Ada Lovelace"


def test_of_two_writers_the_second_is_told(gallery: OpenGallery) -> None:
    before = gallery.add_subject(NewSubject("Ada"))
    gallery.change_subject("Ada", SubjectChange(consent="given"), expected_version=before.version)
    with pytest.raises(VersionConflict):
        gallery.change_subject(
            "Ada", SubjectChange(consent="withdrawn"), expected_version=before.version
        )
    assert gallery.subject("Ada").consent == "given"


def test_an_external_id_belongs_to_one_subject(gallery: OpenGallery) -> None:
    gallery.add_subject(NewSubject("Ada", "1"))
    gallery.add_subject(NewSubject("Bob", "2"))
    with pytest.raises(ExternalIdTaken):
        gallery.add_subject(NewSubject("Cy", "1"))
    with pytest.raises(ExternalIdTaken):
        gallery.change_subject("Bob", SubjectChange(external_id="1"))
    assert gallery.counts.subjects == 2


@pytest.mark.parametrize("attributes", [[1], "text", 7, {"a": float("nan")}, {1: "a"}, {"a": {2}}])
def test_attributes_that_are_no_json_object_are_refused(
    gallery: OpenGallery, attributes: object
) -> None:
    with pytest.raises(InvalidValue, match="attributes"):
        NewSubject("Ada", attributes=attributes)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="attributes"):
        SubjectChange(attributes=attributes)  # type: ignore[arg-type]


def test_deleting_a_face_leaves_its_subject(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.delete_face(gallery.faces("Ada")[0].id)
    assert gallery.counts == GalleryCounts(subjects=1, faces=0)
    with pytest.raises(FaceNotFound):
        gallery.delete_face("0" * 32)


def test_deleting_all_leaves_an_empty_gallery(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll("Bob", photo(GREEN))
    assert gallery.delete_all_subjects() == 2
    assert gallery.counts == GalleryCounts(subjects=0, faces=0)


def test_merged_subjects_are_one_until_that_is_undone(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll("Augusta", photo(GREEN))
    merge = gallery.merge("Ada", "Augusta")
    assert len(gallery.faces("Ada")) == 2
    assert gallery.identify(photo(GREEN))[0].subject == gallery.subject("Ada").subject
    assert gallery.merges() == (merge,)
    (back,) = gallery.undo_merge(merge.id)
    assert back.subject.name == "Augusta"
    assert gallery.identify(photo(GREEN))[0].subject == back.subject
    with pytest.raises(MergeNotFound):
        gallery.undo_merge("0" * 32)


def test_a_subject_is_not_merged_into_itself(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    with pytest.raises(InvalidMerge):
        gallery.merge("Ada", "Ada")
    assert len(gallery.faces("Ada")) == 1


def test_nobody_is_meant_by_nothing(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    for nobody in (None, 7, ""):
        with pytest.raises((InvalidValue, SubjectNotFound)):
            gallery.delete_subject(nobody)  # type: ignore[arg-type]
    assert gallery.counts.subjects == 1


def test_no_faces_are_split_off_into_nobody(gallery: OpenGallery) -> None:
    with pytest.raises(InvalidValue, match="there are none"):
        gallery.split([], "Ada")
    assert gallery.counts.subjects == 0


def test_faces_are_split_off_into_a_new_subject_or_moved_to_another(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    gallery.enroll_templates("Ada", [[0, 1, 0], [0, 0, 1]])
    _, green, blue = gallery.faces("Ada")
    bob = gallery.split([green.id], "Bob")
    assert bob.subject.name == "Bob"
    gallery.split([blue.id], bob.subject)
    assert [face.id for face in gallery.faces("Bob")] == [green.id, blue.id]
    assert len(gallery.faces("Ada")) == 1


def test_a_running_mean_goes_on_without_the_old_photos(gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    first = gallery.update_template("Ada", [photo(CRIMSON), photo()])
    assert first.mean is not None
    assert first.mean.weight == 1
    assert [refused.error.code for refused in first.refused] == ["no_face"]
    second = gallery.update_template("Ada", [photo(CRIMSON), photo(RUBY)])
    assert second.mean is not None
    assert second.mean.id == first.mean.id
    assert second.mean.weight == 2
    photo_face, mean = gallery.faces("Ada")
    assert not photo_face.running
    assert mean.running


def test_a_running_mean_is_the_mean_of_its_templates(gallery: OpenGallery) -> None:
    gallery.add_subject(NewSubject("Ada"))
    gallery.update_template_with("Ada", [[1, 0, 0]])
    mean = gallery.update_template_with("Ada", [[0, 1, 0]])
    assert mean.weight == 2
    assert mean.template.similarity(template(1, 1, 0)) == pytest.approx(1)


def test_an_update_from_which_nothing_can_be_taken_changes_nothing(gallery: OpenGallery) -> None:
    gallery.add_subject(NewSubject("Ada"))
    update = gallery.update_template("Ada", photo())
    assert update.mean is None
    assert len(update.refused) == 1
    with pytest.raises(SubjectNotFound):
        gallery.update_template("Bob", photo(RED))


def test_a_gallery_that_was_deleted_says_so(galleries: Galleries, gallery: OpenGallery) -> None:
    gallery.enroll("Ada", photo(RED))
    galleries.delete("staff")
    for use in (
        lambda: gallery.enroll("Ada", photo(CRIMSON)),
        lambda: gallery.identify(photo(RED)),
        lambda: gallery.subject("Ada"),
        lambda: gallery.subjects(),
        lambda: galleries.open("staff"),
        lambda: galleries.delete("staff"),
    ):
        with pytest.raises(GalleryNotFound):
            use()


def test_who_is_past_the_date_of_retention_goes_at_once_with_the_crops(
    galleries: Galleries, blobs: MemoryBlobs
) -> None:
    keeping = galleries.create("keeping", keep_crops=True)
    keeping.enroll(NewSubject("Ada", retain_until=date(2020, 12, 31)), photo(RED))
    keeping.enroll("Bob", photo(GREEN))
    assert galleries.purge() == Purged(0, subjects=1, faces=1, expired=1)
    assert list(blobs.kept) == [keeping.faces("Bob")[0].crop]
    assert keeping.check_index().check.clean


def test_a_photo_that_is_enrolled_again_during_a_purge_keeps_its_crop(
    galleries: Galleries, blobs: MemoryBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = galleries.create("keeping", keep_crops=True)
    keeping.enroll("Ada", photo(RED))
    keeping.delete_subject("Ada")

    def enroll_and_delete(name: str) -> None:
        keeping.enroll("Ada", photo(RED))
        blobs.kept.pop(name)

    monkeypatch.setattr(blobs, "delete", enroll_and_delete)
    galleries.purge(timedelta(0))
    (face,) = keeping.faces("Ada")
    assert keeping.crop(face.id) is not None


@pytest.fixture
def saving(galleries: Galleries, store: Store, tmp_path: Path) -> Callable[[], Galleries]:
    """Galleries as another process opens them, with indexes that are saved below `tmp_path`."""

    def opened() -> Galleries:
        searches = Indexes(store, lambda gallery: FaissIndex(gallery.dim), Snapshots(tmp_path))
        return replace(galleries, workings=replace(galleries.workings, searches=searches))

    return opened


def saved_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.npz"))


def test_of_what_is_purged_no_saved_index_keeps_a_template(
    saving: Callable[[], Galleries], tmp_path: Path
) -> None:
    galleries = saving()
    gallery = galleries.create("visitors")
    gallery.enroll_templates("Ada", [[1, 0, 0]])
    gallery.workings.searches.rebuild(gallery.opened)
    assert saved_in(tmp_path)
    gallery.delete_subject("Ada")
    galleries.purge(timedelta(0))
    assert not saved_in(tmp_path)


def test_of_a_gallery_that_another_process_deleted_no_saved_index_is_kept(
    saving: Callable[[], Galleries], tmp_path: Path
) -> None:
    ours = saving().create("visitors")
    ours.enroll_templates("Ada", np.random.default_rng(0).normal(size=(1_200, 3)))
    ours.identify_templates([1, 0, 0])
    saving().delete("visitors")
    ours.workings.searches.tend()
    ours.workings.searches.close()
    assert not saved_in(tmp_path)


def test_a_purge_takes_the_saved_index_of_a_gallery_that_is_gone(
    saving: Callable[[], Galleries], store: Store, tmp_path: Path
) -> None:
    gallery = saving().create("visitors")
    gallery.enroll_templates("Ada", [[1, 0, 0]])
    gallery.workings.searches.rebuild(gallery.opened)
    store.delete_gallery(gallery.id, actor="a process that died before it did the rest")
    saving().purge()
    assert not saved_in(tmp_path)
