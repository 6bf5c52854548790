from pathlib import Path

from vultus.bootstrap.galleries import open_galleries
from vultus.domain.changes import NewSubject
from vultus.settings import load_settings


def test_a_purge_keeps_what_the_settings_say(tmp_path: Path) -> None:
    for days, gone in ((1, 0), (0, 1)):
        settings = load_settings(
            home=tmp_path, store={"retention_days": days}, search={"kind": "exact"}
        )
        with open_galleries(settings) as galleries:
            gallery = galleries.open_or_create("staff")
            if days:
                gallery.add_subject(NewSubject("Ada"))
                gallery.delete_subject("Ada")
            assert galleries.purge().subjects == gone
