"""`/api/v1/index` and `/api/v1/recognize`."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ReadCall
from vultus.api.bodies import whole_body
from vultus.api.call import Call
from vultus.api.compat.facade import EnrollingCall, Facade, Told, sentence_of
from vultus.api.compat.fetch import ImageFetcher
from vultus.api.compat.images import image_of_data_url, is_data_url
from vultus.api.compat.index import answers
from vultus.api.compat.posted import text_of
from vultus.api.json_body import read_object
from vultus.api.problems import status_of
from vultus.api.telling import Manner
from vultus.errors import RequestInvalid, VultusError

FORMATS = ("jpg", "jpeg", "png")
Opened = Callable[[], bytes]


PATHS = ("/api/v1/index", "/api/v1/recognize")


def refusal(error: VultusError) -> tuple[int, dict[str, Any]]:
    """An error as that service gives it."""
    told = {"error": True, "message": sentence_of(error), "traceback": None}
    return status_of(type(error)), told


MANNER = Manner(PATHS, refusal)


@dataclass(frozen=True, slots=True)
class IndexFacade(Facade):
    """The service behind `/api/v1/index`; `fetcher` brings images from allowed addresses."""

    fetcher: ImageFetcher

    def router(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/api/v1", include_in_schema=False)
        router.add_api_route("/index", self.index, methods=["POST"])
        router.add_api_route("/recognize", self.recognize, methods=["POST"])
        return router

    async def index(self, call: EnrollingCall) -> Response:
        """Enroll a photo of a person."""
        said = await self._said(call)
        name = text_of(said, "name")
        async with self._image(call, said) as image:

            def work() -> Told:
                return Told(answers.index(self.gallery(call), image(), name))

            return await call.write(work, images=True)

    async def recognize(self, call: ReadCall) -> Response:
        """Name the person of a photo."""
        async with self._image(call, await self._said(call)) as image:

            def work() -> Told:
                return Told(answers.recognize(self.gallery(call), image()))

            return await call.compute(work)

    async def _said(self, call: Call) -> Mapping[str, Any]:
        body = await whole_body(call.request)
        return await call.run(lambda: read_object(body), images=True)

    @asynccontextmanager
    async def _image(self, call: Call, said: Mapping[str, Any]) -> AsyncIterator[Opened]:
        """What gives the image at an address, in a thread.

        What it really is tells its content, not its format's name. One that is fetched keeps its
        turn until it was worked on, so that few are held.
        """
        url = text_of(said, "image_url")
        if said.get("image_format", "jpg") not in FORMATS:
            raise RequestInvalid("image_format", f"one of {', '.join(FORMATS)} is needed")
        if is_data_url(url):
            yield partial(image_of_data_url, url, "image_url", self.limit_bytes)
            return
        async with call.context.fetches.turn(call.context.settings.time_limit_s):
            content = await self.fetcher.fetch(url)
            yield lambda: content
