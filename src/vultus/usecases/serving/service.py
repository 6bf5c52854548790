"""Everything that a service works with, and what it does in the background."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic

import numpy as np

from vultus.domain.gallery import Gallery
from vultus.errors import VultusError
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.workings import Workings
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.keys import Keys
from vultus.usecases.serving.models import Models, State
from vultus.usecases.serving.once import Once

TEND_EVERY_S = 10.0
AGAIN_AFTER_S = 1.0
"""So long after a failure indexes are opened again."""
CLOSE_WITHIN_S = 10.0
"""So long a service that ends waits for what it does in the background."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Service:
    """What a service works with. Safe between threads.

    `pack` is that of new galleries; `tend_every_s` is how often indexes are looked after.
    """

    workings: Workings
    keys: Keys
    once: Once
    models: Models
    pack: str
    tend_every_s: float = TEND_EVERY_S
    _is_warm: bool = field(default=False, init=False)
    _closing: Event = field(default_factory=Event, init=False)
    _threads: list[Thread] = field(default_factory=list, init=False)

    def start(self) -> None:
        """Load models and open indexes, beside everything else; then look after what is kept."""
        for work in (self._warm, self._tend):
            thread = Thread(target=work, name=work.__name__.strip("_"), daemon=True)
            self._threads.append(thread)
            thread.start()

    def galleries(self, actor: str) -> Galleries:
        """The galleries, for somebody who stands in the audit log."""
        return Galleries(self.workings, actor)

    @property
    def recognizer(self) -> Recognizer:
        """The default pack.

        Raises:
            ModelsNotReady: it is not loaded yet.
            ModelUnavailable: it cannot be loaded.
        """
        return self.models.get(self.pack)

    def packs(self) -> list[str]:
        """The packs that are in use: the default one, and those of the galleries."""
        used = {gallery.model.pack for gallery in self.workings.store.galleries()}
        return [self.pack, *sorted(used - {self.pack})]

    def missing(self) -> dict[str, str | None]:
        """What the service needs, each with what is wrong with it, or None."""
        return {"models": self._models(), "store": self._store(), "index": self._index()}

    def close(self) -> None:
        """Give back connections and files, once nothing is asked for any more."""
        self._closing.set()
        self.workings.searches.stop()
        end = monotonic() + CLOSE_WITHIN_S
        for thread in self._threads:
            thread.join(timeout=max(end - monotonic(), 0))
            if thread.is_alive():
                log.warning("the service ends while the thread %s is at work", thread.name)
        self.workings.close()

    def _models(self) -> str | None:
        missing = [] if self.models.state(self.pack) is State.READY else [self.pack]
        missing += [pack for pack in self._others_in_use() if self.models.has_failed(pack)]
        return ", ".join(map(self._told, missing)) or None

    def _told(self, pack: str) -> str:
        failed = self.models.has_failed(pack)
        state = State.FAILED if failed else self.models.state(pack)
        return f"{pack}: {state.value.replace('_', ' ')}"

    def _others_in_use(self) -> list[str]:
        try:
            return self.packs()[1:]
        except VultusError:
            # That the store is away is told beside this.
            return []

    def _store(self) -> str | None:
        return _problem(lambda: self.workings.store.has_keys())

    def _index(self) -> str | None:
        if not self._is_warm:
            return "indexes are being opened"
        return _problem(self._ask_index)

    def _ask_index(self) -> None:
        for gallery in self.workings.store.galleries()[:1]:
            self.workings.searches.status(gallery)

    def _warm(self) -> None:
        self.models.warm(self.pack)
        while not self._closing.is_set():
            try:
                self._open_all()
                self._is_warm = True
                return
            except VultusError as error:
                log.warning("not ready: %s", error)
            except Exception:
                log.exception("not ready")
            self._closing.wait(AGAIN_AFTER_S)

    def _open_all(self) -> None:
        """Open what is in use; it may break off when the service ends."""
        for gallery in self.workings.store.galleries():
            if self._closing.is_set():
                return
            self._open(gallery)
        for pack in self.packs()[1:]:
            self.models.warm(pack)

    def _open(self, gallery: Gallery) -> None:
        probe = np.eye(1, gallery.dim, dtype=np.float32)
        self.workings.searches.of(gallery).search(probe, 1)

    def _tend(self) -> None:
        while not self._closing.wait(self.tend_every_s):
            _tended("indexes", self.workings.searches.tend)
            _tended("kept answers", self.once.tend)


def _tended(what: str, tend: Callable[[], object]) -> None:
    try:
        tend()
    except VultusError as error:
        log.warning("the %s could not be looked after: %s", what, error)
    except Exception:
        log.exception("the %s could not be looked after", what)


def _problem(ask: Callable[[], object]) -> str | None:
    try:
        ask()
    except VultusError as error:
        log.warning("not ready: %s", error)
        return error.code.replace("_", " ")
    return None
