"""Who may not ask for what."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class AccessError(VultusError):
    """Somebody may not do what was asked."""

    code = "access_error"


@dataclass(eq=False)
class KeyMissing(AccessError):
    """A request without a key, where one is needed."""

    code = "key_missing"
    sentence = "A key is needed. Send it as Authorization: Bearer KEY, or as X-API-Key: KEY."


@dataclass(eq=False)
class KeyInvalid(AccessError):
    """A key that opens nothing: unknown, expired or revoked."""

    code = "key_invalid"
    sentence = "The key is unknown, expired or revoked. Ask whoever runs the service for a new one."


@dataclass(eq=False)
class KeyInsufficient(AccessError):
    """A key that is not good for what was asked."""

    code = "key_insufficient"
    sentence = "The key has the scope {scope}, and this needs {needed}."
    scope: str
    needed: str


@dataclass(eq=False)
class KeyOfOneGallery(AccessError):
    """A key of one gallery, used for what concerns all of them."""

    code = "key_of_one_gallery"
    sentence = "The key is for one gallery, and this concerns all of them."


@dataclass(eq=False)
class KeyNotFound(AccessError):
    """No key of that id."""

    code = "key_not_found"
    sentence = "There is no key {key!r}."
    key: str


@dataclass(eq=False)
class KeyTaken(AccessError):
    """The secret of another key was given for a new one."""

    code = "key_taken"
    sentence = "A key with this secret is there already. Choose another one."


@dataclass(eq=False)
class TooManyRequests(AccessError):
    """More requests than allowed."""

    code = "too_many_requests"
    sentence = "Too many requests. Try again in {retry_after_s} s."
    retry_after_s: int
