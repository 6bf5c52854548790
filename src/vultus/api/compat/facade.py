"""What the façades share: a gallery, and errors in another system's words."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import RootModel
from starlette.responses import JSONResponse, Response

from vultus.api.access import needs
from vultus.api.bodies import whole_body
from vultus.api.call import Call
from vultus.api.compat.posted import PostedImages
from vultus.api.problems import INSIDE, headers_of, is_inside
from vultus.domain.key import Scope
from vultus.errors import RequestInvalid, VultusError
from vultus.usecases.gallery.opened import OpenGallery

log = logging.getLogger(__name__)

EnrollingCall = Annotated[Call, Depends(needs(Scope.ENROLL))]
"""A call that changes something. Clients of other systems know no Idempotency-Key."""
EmptyingCall = Annotated[Call, Depends(needs(Scope.ADMIN))]
"""A call that deletes everybody."""


class Told(RootModel[Any]):
    """An answer in the shape of another system."""


class FacadeRoute(APIRoute):
    """A route that answers errors in the shape of another system."""

    @staticmethod
    def refusal(error: VultusError) -> tuple[int, dict[str, Any]]:
        """The status and the body that tell of an error."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Catch what a request is refused for."""
        handle = super().get_route_handler()

        async def handle_and_tell(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                return self._told(RequestInvalid("request", "it cannot be understood"))
            except VultusError as error:
                if is_inside(error):
                    log.error("request %s: %s: %s", request.state.request_id, error.code, error)
                return self._told(error)

        return handle_and_tell

    def _told(self, error: VultusError) -> Response:
        status, body = self.refusal(error)
        return JSONResponse(body, status, headers_of(error))


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
        """The gallery that is served; it is made at the first request.

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
