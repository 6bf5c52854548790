"""A store that can only be read; tells how many are in it, and what becomes of a write.

Run in a process of its own: `read_only_store.py FOLDER`.
"""

import sys
from pathlib import Path

from vultus.domain.changes import NewSubject
from vultus.errors import StoreError
from vultus.gallery.store.opening import open_store


def main(folder: Path) -> None:
    """Read the store in a folder, and try to write."""
    store = open_store(f"sqlite:///{folder}/store.db")
    (gallery,) = store.galleries()
    print(f"{store.counts(gallery.id).subjects} subjects")
    try:
        store.create_subject(gallery.id, NewSubject("Bob"), actor="tester")
    except StoreError as error:
        print(type(error).__name__)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
