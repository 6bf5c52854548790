"""The images of LFW: `Person/Person_0001.jpg`, below a folder or in uncompressed tar files."""

import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from vultus.errors import DatasetSourceUnreadable
from vultus.evaluation.datasets.place import Place
from vultus.evaluation.datasets.sources.source import SourceImage, file_image


def lfw_images(directory: Path) -> list[SourceImage]:
    """Find all images, in order of name.

    Raises:
        DatasetSourceUnreadable: there is none, or a tar file is damaged.
    """
    images = {image.name: image for image in (*_in_archives(directory), *_in_folders(directory))}
    if not images:
        problem = "no image like Person/Person_0001.jpg is in it; unpack what is compressed"
        raise DatasetSourceUnreadable(str(directory), problem)
    return [images[name] for name in sorted(images)]


def _in_folders(directory: Path) -> Iterator[SourceImage]:
    for path in directory.rglob("*.jpg"):
        name = _name(PurePosixPath(path.as_posix()))
        if name:
            yield file_image(path, name, path.parent.name)


def _in_archives(directory: Path) -> Iterator[SourceImage]:
    for archive in sorted(directory.glob("*.tar")):
        try:
            yield from _in_archive(archive)
        except (OSError, tarfile.TarError) as error:
            raise DatasetSourceUnreadable(str(archive), str(error)) from error


def _in_archive(archive: Path) -> Iterator[SourceImage]:
    with tarfile.open(archive, "r:") as tar:
        for member in tar:
            name = _name(PurePosixPath(member.name))
            if name and member.isreg() and not member.issparse():
                place = Place(str(archive.absolute()), member.offset_data, member.size)
                yield SourceImage(name, name.partition("/")[0], place.read, place)


def _name(path: PurePosixPath) -> str | None:
    person = path.parent.name
    belongs = path.suffix == ".jpg" and person and path.stem.rpartition("_")[0] == person
    return f"{person}/{path.name}" if belongs else None
