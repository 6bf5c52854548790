"""What the façades share: a gallery, and images."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from pydantic import RootModel

from vultus.api.access import needs
from vultus.api.bodies import whole_body
from vultus.api.call import Call
from vultus.api.compat.posted import PostedImages
from vultus.api.problems import INSIDE, is_inside
from vultus.domain.key import Scope
from vultus.errors import VultusError
from vultus.usecases.gallery.opened import OpenGallery

EnrollingCall = Annotated[Call, Depends(needs(Scope.ENROLL))]
"""A call that changes something. Clients of other systems know no Idempotency-Key."""
EmptyingCall = Annotated[Call, Depends(needs(Scope.ADMIN))]
"""A call that deletes everybody."""


class Told(RootModel[Any]):
    """An answer in the shape of another system."""


def sentence_of(error: VultusError) -> str:
    """What a caller may know of an error."""
    return INSIDE if is_inside(error) else str(error)


@dataclass(frozen=True, slots=True)
class Facade:
    """One system that the service answers as, and the name of the gallery for it.

    `limit_bytes` is the most that an image may have.
    """

    name: str
    limit_bytes: int

    def gallery(self, call: Call) -> OpenGallery:
        """The gallery that is served; it is made when it is asked for first.

        Whoever asks: the operator named it, and its clients know no galleries.

        Raises:
            GalleryNotFound: the key is for another one.
        """
        if call.key and call.key.gallery_id is not None:
            return call.gallery(self.name)
        return call.galleries.open_or_create(self.name)

    async def images(self, call: Call) -> PostedImages:
        """The images of a request, still packed."""
        body = await whole_body(call.request)
        return PostedImages(body, call.request.headers.get("content-type", ""), self.limit_bytes)
