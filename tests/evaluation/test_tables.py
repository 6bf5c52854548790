"""Datasets and tables as the settings wire them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import MODEL
from libraries import painted_people
from painted import BLUE, CRIMSON, GREEN, RED, photo, square_recognizer
from vultus.bootstrap import evaluation
from vultus.bootstrap.galleries import open_blobs, open_store
from vultus.domain.changes import NewSubject
from vultus.errors import CropsMissing, DatasetNotFound, GalleryNotFound, ModelMismatch
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.datasets.importing import import_source
from vultus.evaluation.datasets.sources.folder import folder_source
from vultus.evaluation.templates.cache import TemplateCache
from vultus.gallery.search.exact import ExactIndex
from vultus.gallery.search.indexes import Indexes
from vultus.settings import Settings, load_settings
from vultus.usecases.gallery.enroll import Lookalikes
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.size import Sizes
from vultus.usecases.gallery.workings import Workings
from vultus.usecases.recognizer import Recognizer


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def people(own: Settings, tmp_path: Path) -> Dataset:
    folder = painted_people(tmp_path / "people", {"Ann": (RED, CRIMSON), "Ben": (GREEN,)})
    library = evaluation.open_datasets(own)
    return import_source(library, folder_source(folder), "mine").dataset


@pytest.fixture
def galleries(own: Settings) -> Iterator[Galleries]:
    """Galleries of painted faces where the settings keep theirs."""
    store = open_store(own)
    workings = Workings(
        store=store,
        sizes=Sizes(store),
        searches=Indexes(store, lambda gallery: ExactIndex(gallery.dim), None),
        blobs=open_blobs(own),
        recognizer=lambda _: square_recognizer(),
        model=lambda: (MODEL, 3),
        lookalikes=Lookalikes.IGNORE,
    )
    with Galleries(workings, actor="tester") as opened:
        yield opened


def test_a_dataset_is_there_for_the_next_process(own: Settings, people: Dataset) -> None:
    library = evaluation.open_datasets(own)
    assert library.get("mine") == people
    assert library.read(people.images[0].digest) == photo(RED)


def test_templates_are_kept_by_all_that_decides_about_them(
    own: Settings, people: Dataset, settings: Settings, recognizer: Recognizer
) -> None:
    def kept(**changes: object) -> set[str]:
        changed = load_settings(home=own.home, inference={"threads": 1}, **changes)
        evaluation.table_of(people, recognizer, changed)
        return {path.name for path in (own.home / "templates").iterdir()}

    (own.home / "packs").symlink_to(settings.home / "packs")
    (first,) = kept()
    assert kept(match={"threshold": 0.5}, quality={"policy": "strict"}) == {first}
    assert len(kept(detect={"min_face_px": 20})) == 2


def test_forgetting_images_takes_their_templates_from_every_file(
    own: Settings, people: Dataset, settings: Settings, recognizer: Recognizer
) -> None:
    (own.home / "packs").symlink_to(settings.home / "packs")
    evaluation.table_of(people, recognizer, own)
    (file,) = (own.home / "templates").iterdir()
    first, second, third = (image.digest for image in people.images)
    evaluation.forget_templates(own, {first, second})
    assert TemplateCache(file).get([first, second, third]).keys() == {third}


def test_a_table_of_another_pack_than_the_settings_say_is_refused(
    own: Settings, people: Dataset
) -> None:
    with pytest.raises(ModelMismatch):
        evaluation.table_of(people, square_recognizer(), own)


def test_the_crops_of_a_gallery_become_a_dataset(own: Settings, galleries: Galleries) -> None:
    staff = galleries.create("staff", keep_crops=True)
    staff.enroll(NewSubject("Ann", attributes={"age": 40, "light": "dim"}), [photo(RED)])
    staff.enroll(NewSubject("Bob", "1"), [photo(GREEN)])
    staff.enroll(NewSubject("Bob", "2"), [photo(BLUE)])
    with evaluation.open_gallery_source("staff", own) as source:
        library = evaluation.open_datasets(own)
        dataset = import_source(library, source, "staff").dataset
    ann, *bobs = sorted(dataset.images, key=lambda image: image.subject)
    assert (ann.subject, dict(ann.attributes)) == ("Ann", {"age": "40", "light": "dim"})
    assert len({bob.subject for bob in bobs}) == 2
    assert all(bob.subject.startswith("Bob (") for bob in bobs)
    (face,) = staff.faces("Ann")
    assert library.read(ann.digest) == staff.crop(face.id)


def test_a_gallery_that_keeps_no_crops_is_refused(own: Settings, galleries: Galleries) -> None:
    galleries.create("staff").enroll("Ann", [photo(RED)])
    with (
        pytest.raises(CropsMissing, match="--keep-crops"),
        evaluation.open_gallery_source("staff", own),
    ):
        pass
    with pytest.raises(GalleryNotFound), evaluation.open_gallery_source("nobody", own):
        pass


def test_nothing_of_an_empty_home_is_a_dataset(own: Settings) -> None:
    with pytest.raises(DatasetNotFound):
        evaluation.open_datasets(own).get("mine")
