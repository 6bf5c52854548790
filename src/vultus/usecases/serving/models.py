"""Loaded packs, each loaded once and in a thread of its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock, Thread
from time import monotonic

import numpy as np

from vultus.errors import ModelsNotReady, ModelUnavailable, VultusError
from vultus.usecases.recognizer import Recognizer

SOON_S = 2
"""After so long a pack that is being loaded may be there."""
AGAIN_AFTER_S = 10.0
"""So long after a failure a pack is not loaded again."""
BLANK = np.zeros((480, 640, 3), np.uint8)

log = logging.getLogger(__name__)


class State(StrEnum):
    """How far a pack is."""

    READY = "ready"
    LOADING = "loading"
    FAILED = "failed"
    NOT_LOADED = "not_loaded"


@dataclass(slots=True)
class Models:
    """The packs of a process. Safe between threads; nobody waits while one is loaded.

    `load` gives the recognizer of a pack by its name, and may take as long as it takes.
    """

    load: Callable[[str], Recognizer]
    _loaded: dict[str, Recognizer] = field(default_factory=dict, init=False)
    _loading: set[str] = field(default_factory=set, init=False)
    _failed: dict[str, float] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def get(self, pack: str) -> Recognizer:
        """Give a pack that is loaded; begin to load one that is not.

        Raises:
            ModelsNotReady: it is not loaded yet.
            ModelUnavailable: it could not be; the log says why. It is tried again now and then.
        """
        found = self._loaded.get(pack)
        if found is not None:
            return found
        self._begin(pack)
        raise ModelUnavailable(pack) if self.has_failed(pack) else ModelsNotReady(pack, SOON_S)

    def warm(self, pack: str) -> None:
        """Load a pack and let it work once, unless it is loaded already; a failure is logged."""
        if self._claimed(pack):
            self._load(pack)

    def state(self, pack: str) -> State:
        """How far a pack is."""
        with self._lock:
            if pack in self._loaded:
                return State.READY
            if pack in self._loading:
                return State.LOADING
            return State.FAILED if pack in self._failed else State.NOT_LOADED

    def has_failed(self, pack: str) -> bool:
        """Say whether the last attempt to load a pack failed, even while there is another."""
        return pack in self._failed

    def _begin(self, pack: str) -> None:
        failed_at = self._failed.get(pack)
        is_due = failed_at is None or monotonic() - failed_at > AGAIN_AFTER_S
        if not (is_due and self._claimed(pack)):
            return
        try:
            Thread(target=self._load, args=(pack,), name=f"load-{pack}", daemon=True).start()
        except RuntimeError:  # the machine has no thread left
            log.exception("the pack %s cannot be loaded", pack)
            self._settle(pack, None)

    def _claimed(self, pack: str) -> bool:
        """Say whether it is for the caller to load a pack: of many, it is for one."""
        with self._lock:
            if pack in self._loaded or pack in self._loading:
                return False
            self._loading.add(pack)
            return True

    def _load(self, pack: str) -> None:
        recognizer = None
        try:
            loaded = self.load(pack)
            loaded.faces(BLANK)
            recognizer = loaded
        except VultusError as error:
            log.error("the pack %s cannot be loaded: %s", pack, error)
        except Exception:
            log.exception("the pack %s cannot be loaded", pack)
        finally:
            self._settle(pack, recognizer)

    def _settle(self, pack: str, recognizer: Recognizer | None) -> None:
        """Note how loading a pack ended."""
        with self._lock:
            self._loading.discard(pack)
            if recognizer is None:
                self._failed[pack] = monotonic()
            else:
                self._loaded[pack] = recognizer
                self._failed.pop(pack, None)
