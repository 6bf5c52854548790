import zipfile
from pathlib import Path

import pytest

from painted import LIMITS, RED, photo
from vultus.errors import BrokenImage, ImageTooHeavy, PhotosUnreadable
from vultus.usecases.gallery.intake import zipped
from vultus.usecases.gallery.intake.zipped import zipped_photos


def archive(
    path: Path, *names: str, data: bytes = b"photo", kind: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", kind) as file:
        for name in names:
            file.writestr(name, data)
    return path


def test_a_folder_names_its_photos_and_a_lone_photo_names_itself(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "people.zip",
        "people/Bob/2.png",
        "people/Bob/1.png",
        "Ada Lovelace.jpg",
        "people/",
        "__MACOSX/Bob/1.png",
        ".DS_Store",
        "people/.hidden/x.png",
    )
    with zipped_photos(path) as photos:
        listed = [(photo.subject.name, photo.name) for photo in photos]
    assert listed == [
        ("Ada Lovelace", "Ada Lovelace.jpg"),
        ("Bob", "people/Bob/1.png"),
        ("Bob", "people/Bob/2.png"),
    ]


def test_a_photo_is_read_where_it_lies(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png", data=photo(RED))
    with zipped_photos(path) as photos:
        assert photos[0].read(LIMITS.max_bytes) == photo(RED)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


def test_names_that_lead_out_of_the_archive_lead_nowhere(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "../../etc/passwd", "/etc/shadow", "Ada/1.png")
    with zipped_photos(path) as photos:
        assert [photo.name for photo in photos] == ["/etc/shadow", "Ada/1.png"]
        assert photos[0].read(LIMITS.max_bytes) == b"photo"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png", data=bytes(50_000_000))
    assert path.stat().st_size < 100_000
    with zipped_photos(path) as photos, pytest.raises(ImageTooHeavy):
        photos[0].read(LIMITS.max_bytes)


def test_a_size_that_lies_does_not_help_a_bomb(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png", data=bytes(5_000_000))
    content = path.read_bytes()
    path.write_bytes(
        content.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    )
    with zipped_photos(path) as photos, pytest.raises(BrokenImage):
        photos[0].read(LIMITS.max_bytes)


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_within_bounds_is_not_unpacked(tmp_path: Path, kind: int) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png", kind=kind)
    with zipped_photos(path) as photos, pytest.raises(BrokenImage, match="plain deflate"):
        photos[0].read(LIMITS.max_bytes)


def test_an_encrypted_photo_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png")
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    with zipped_photos(path) as photos, pytest.raises(BrokenImage, match="encrypted"):
        photos[0].read(LIMITS.max_bytes)


def test_a_damaged_member_is_a_broken_image(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "Ada/1.png", data=photo(RED))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    with zipped_photos(path) as photos, pytest.raises(BrokenImage, match="zipped image is damaged"):
        photos[0].read(LIMITS.max_bytes)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_file_without_photos_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(PhotosUnreadable), zipped_photos(path):
        pass


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotosUnreadable), zipped_photos(tmp_path / "nowhere.zip"):
        pass


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_MEMBERS", 2)
    path = archive(tmp_path / "a.zip", "1.png", "2.png", "3.png")
    with pytest.raises(PhotosUnreadable, match="3 entries"), zipped_photos(path):
        pass
