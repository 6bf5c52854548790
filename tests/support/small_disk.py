"""A store on a disk on which hardly any room is left; tells what becomes of it.

Run in a process of its own: `small_disk.py FOLDER ROOM_BYTES`.
"""

import os
import sys
from pathlib import Path

from vultus.domain.changes import NewSubject
from vultus.domain.template import ModelId
from vultus.errors import StoreError
from vultus.gallery.store.opening import open_store
from vultus.gallery.store.requests import NewGallery


def main(folder: Path, room_bytes: int) -> None:
    """Make a store, fill the disk, use the store, and use it again when there is room."""
    url = f"sqlite:///{folder}/store.db"
    store = open_store(url)
    gallery = store.create_gallery(NewGallery("staff", ModelId("fake", "1"), 3), actor="tester")
    store.create_subject(gallery.id, NewSubject("Ada"), actor="tester")
    store.close()
    ballast = folder / "ballast"
    fill(ballast)
    os.truncate(ballast, ballast.stat().st_size - room_bytes)
    for place in (url, f"sqlite:///{folder}/new/store.db"):
        try:
            open_store(place).close()
        except StoreError as error:
            print(type(error).__name__)
    ballast.unlink()
    store = open_store(url)
    print(f"{store.counts(gallery.id).subjects} subjects")
    store.close()


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
