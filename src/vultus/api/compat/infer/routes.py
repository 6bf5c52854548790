"""`/infer`, `/generate`, `/embedding` and `/detect`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ComputeCall
from vultus.api.bodies import whole_body
from vultus.api.compat.facade import EnrollingCall, Facade, Told, sentence_of
from vultus.api.compat.images import image_of_base64
from vultus.api.compat.infer import answers
from vultus.api.compat.posted import text_of
from vultus.api.json_body import read_object
from vultus.api.problems import status_of
from vultus.api.telling import Manner
from vultus.errors import RequestInvalid, TooManyImages, VultusError

PATHS = ("/infer", "/generate", "/embedding", "/detect")


def refusal(error: VultusError) -> tuple[int, dict[str, Any]]:
    """An error as FastAPI gives it."""
    return status_of(type(error)), {"detail": sentence_of(error)}


MANNER = Manner(PATHS, refusal)


@dataclass(frozen=True, slots=True)
class InferFacade(Facade):
    """The service behind `/infer`; `with_templates` gives templates, too."""

    with_templates: bool

    def router(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/infer", self.infer, methods=["POST"])
        router.add_api_route("/generate", self.generate, methods=["POST"])
        router.add_api_route("/embedding", self.embedding, methods=["POST"])
        router.add_api_route("/detect", self.detect, methods=["POST"])
        return router

    async def infer(self, call: ComputeCall) -> Response:
        """Name the faces of an image."""
        body = await whole_body(call.request)

        def work() -> Told:
            image = self._image(read_object(body))
            gallery = self.gallery(call)
            return Told(answers.infer(gallery, image, with_templates=self.with_templates))

        return await call.compute(work)

    async def generate(self, call: EnrollingCall) -> Response:
        """Enroll a person by number."""
        body = await whole_body(call.request)

        def work() -> Told:
            said = read_object(body)
            images = self._images(said, call.context.settings.max_images)
            return Told(answers.generate(self.gallery(call), _number(said), images))

        return await call.write(work, images=True)

    async def embedding(self, call: ComputeCall) -> Response:
        """Make templates."""
        body = await whole_body(call.request)

        def work() -> Told:
            images = self._images(read_object(body), call.context.settings.max_images)
            return Told(answers.embedding(self.gallery(call).recognizer, images))

        return await call.compute(work)

    async def detect(self, call: ComputeCall) -> Response:
        """Find faces."""
        body = await whole_body(call.request)

        def work() -> Told:
            image = self._image(read_object(body))
            return Told(answers.detect(self.gallery(call).recognizer, image))

        return await call.compute(work)

    def _image(self, said: Mapping[str, Any]) -> bytes:
        return image_of_base64(text_of(said, "image"), "image", self.limit_bytes)

    def _images(self, said: Mapping[str, Any], most: int) -> list[bytes]:
        images = said.get("images")
        if not isinstance(images, list) or not all(isinstance(each, dict) for each in images):
            raise RequestInvalid("images", "a list of objects with an image each is needed")
        if len(images) > most:
            raise TooManyImages(len(images), most)
        return [self._image(each) for each in images]


def _number(said: Mapping[str, Any]) -> int:
    number = said.get("id")
    if isinstance(number, str) and answers.WHOLE.fullmatch(number):
        return int(number)
    if not isinstance(number, int) or isinstance(number, bool):
        raise RequestInvalid("id", "a whole number is needed")
    return number
