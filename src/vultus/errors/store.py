"""Stores that cannot be used."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class StoreError(VultusError):
    """The store itself cannot be used."""

    code = "store_error"


@dataclass(eq=False)
class StoreUnavailable(StoreError):
    """Nobody answers, or there is no such database."""

    code = "store_unavailable"
    sentence = "The store at {store} cannot be reached: {problem}. Nothing was changed."
    store: str
    problem: str


@dataclass(eq=False)
class StoreBusy(StoreError):
    """Others held the store, or what was to be changed in it, for too long."""

    code = "store_busy"
    sentence = (
        "The store at {store} is busy: {problem}. Nothing was changed; try again, or raise "
        "store.timeout_s."
    )
    store: str
    problem: str


@dataclass(eq=False)
class StoreReadOnly(StoreError):
    """The store can be read and not written."""

    code = "store_read_only"
    sentence = (
        "The store at {store} cannot be written: {problem}. Nothing was changed; "
        "check whose its files are, and whether the server takes writes."
    )
    store: str
    problem: str


@dataclass(eq=False)
class StoreFull(StoreError):
    """No room is left for the store."""

    code = "store_full"
    sentence = "The store at {store} has no room left: {problem}. Nothing was changed."
    store: str
    problem: str


@dataclass(eq=False)
class StoreDamaged(StoreError):
    """What is in the store makes no sense."""

    code = "store_damaged"
    sentence = "The store at {store} is damaged: {problem}. Restore it from a backup."
    store: str
    problem: str


@dataclass(eq=False)
class StoreTooNew(StoreError):
    """A newer version of Vultus wrote the store."""

    code = "store_too_new"
    sentence = (
        "The store at {store} has the schema {found!r}, which this version does not know. "
        "It knows {known!r}: use the newer Vultus that wrote it."
    )
    store: str
    found: str
    known: str


@dataclass(eq=False)
class StoreUnsuitable(StoreError):
    """The database lacks something that is needed."""

    code = "store_unsuitable"
    sentence = "The store at {store} cannot be used: {problem}."
    store: str
    problem: str
