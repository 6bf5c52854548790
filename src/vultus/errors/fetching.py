"""Images that are named by an address instead of being sent."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class FetchError(VultusError):
    """An image that is named by its address, and not fetched."""

    code = "fetch_error"


@dataclass(eq=False)
class AddressRefused(FetchError):
    """An address from which nothing is fetched."""

    code = "address_refused"
    sentence = "Nothing is fetched from {host!r}: {problem}. Send the image as a data: URL."
    host: str
    problem: str


@dataclass(eq=False)
class FetchFailed(FetchError):
    """An allowed address that gave no image."""

    code = "fetch_failed"
    sentence = "The image could not be fetched from {host!r}: {problem}. Send it as a data: URL."
    host: str
    problem: str
