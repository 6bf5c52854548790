"""`/api/v1/index` and `/api/v1/recognize`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ReadCall
from vultus.api.bodies import whole_body
from vultus.api.compat.facade import EnrollingCall, Facade, FacadeRoute, Told, sentence_of
from vultus.api.compat.fetch import ImageFetcher
from vultus.api.compat.images import image_of_data_url, is_data_url
from vultus.api.compat.index import answers
from vultus.api.compat.posted import text_of
from vultus.api.json_body import read_object
from vultus.api.problems import status_of
from vultus.errors import RequestInvalid, VultusError

FORMATS = ("jpg", "jpeg", "png")


class IndexRoute(FacadeRoute):
    """Errors as that service gives them."""

    @staticmethod
    def refusal(error: VultusError) -> tuple[int, dict[str, Any]]:
        """See the base."""
        told = {"error": True, "message": sentence_of(error), "traceback": None}
        return status_of(type(error)), told


@dataclass(frozen=True, slots=True)
class IndexFacade(Facade):
    """The service behind `/api/v1/index`; `fetcher` brings images from allowed addresses."""

    fetcher: ImageFetcher

    def router(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/api/v1", route_class=IndexRoute, include_in_schema=False)
        router.add_api_route("/index", self.index, methods=["POST"])
        router.add_api_route("/recognize", self.recognize, methods=["POST"])
        return router

    async def index(self, call: EnrollingCall) -> Response:
        """Enroll a photo of a person."""
        body = await whole_body(call.request)

        def work() -> Told:
            said = read_object(body)
            name, image = text_of(said, "name"), self._image(said)
            return Told(answers.index(self.gallery(call), image, name))

        return await call.write(work, images=True)

    async def recognize(self, call: ReadCall) -> Response:
        """Name the person of a photo."""
        body = await whole_body(call.request)

        def work() -> Told:
            image = self._image(read_object(body))
            return Told(answers.recognize(self.gallery(call), image))

        return await call.compute(work)

    def _image(self, said: Mapping[str, Any]) -> bytes:
        """The image at an address. What it really is tells its content, not its format's name."""
        url = text_of(said, "image_url")
        if said.get("image_format", "jpg") not in FORMATS:
            raise RequestInvalid("image_format", f"one of {', '.join(FORMATS)} is needed")
        if is_data_url(url):
            return image_of_data_url(url, "image_url", self.limit_bytes)
        return self.fetcher.fetch(url)
