"""`/recognition/recognize`, `/detection`, `/verification`, and the same for ready templates."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ReadCall
from vultus.api.bodies import whole_body
from vultus.api.compat.compreface import recognition, verification
from vultus.api.compat.compreface.facade import CompreFaceFacade, new_router, query_of
from vultus.api.compat.compreface.parameters import asked_of
from vultus.api.compat.facade import Told
from vultus.api.compat.posted import object_of
from vultus.errors import RequestInvalid

MOST_TEMPLATES = 10_000


class RecognitionRoutes(CompreFaceFacade):
    """Questions about faces."""

    def router(self) -> APIRouter:
        """Its routes."""
        router, ready = new_router(), "/recognition/embeddings"
        router.add_api_route("/recognition/recognize", self.recognize, methods=["POST"])
        router.add_api_route("/detection/detect", self.detect, methods=["POST"])
        router.add_api_route("/verification/verify", self.verify, methods=["POST"])
        router.add_api_route(f"{ready}/recognize", self.recognize_ready, methods=["POST"])
        router.add_api_route(
            ready + "/faces/{image_id}/verify", self.verify_with_face, methods=["POST"]
        )
        router.add_api_route("/verification/embeddings/verify", self.verify_ready, methods=["POST"])
        return router

    async def recognize(self, call: ReadCall) -> Response:
        """Name the faces of an image."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            return Told(recognition.recognize(self.gallery(call), image, query, self.kind))

        return await call.compute(work)

    async def detect(self, call: ReadCall) -> Response:
        """Find the faces of an image."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            return Told(recognition.detect(self.gallery(call).recognizer, image, query))

        return await call.compute(work)

    async def verify(self, call: ReadCall) -> Response:
        """Compare the face of an image with those of another."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            source, target = posted.images("source_image", "target_image")
            recognizer = self.gallery(call).recognizer
            return Told(verification.verify(recognizer, source, target, query, self.kind))

        return await call.compute(work)

    async def recognize_ready(self, call: ReadCall) -> Response:
        """Name ready templates."""
        body, query = await whole_body(call.request), query_of(call)

        def work() -> Told:
            rows, asked = _rows(object_of(body), "embeddings"), asked_of(query)
            gallery = self.gallery(call)
            return Told(verification.recognize_templates(gallery, rows, asked, self.kind))

        return await call.compute(work)

    async def verify_with_face(self, call: ReadCall, image_id: str) -> Response:
        """Compare ready templates with an enrolled face."""
        body = await whole_body(call.request)

        def work() -> Told:
            rows = _rows(object_of(body), "embeddings")
            gallery = self.gallery(call)
            return Told(verification.verify_with_face(gallery, image_id, rows, self.kind))

        return await call.compute(work)

    async def verify_ready(self, call: ReadCall) -> Response:
        """Compare ready templates with another."""
        body = await whole_body(call.request)

        def work() -> Told:
            said = object_of(body)
            (source,) = _rows({"source": [said.get("source")]}, "source")
            recognizer, rows = self.gallery(call).recognizer, _rows(said, "targets")
            return Told(verification.verify_templates(recognizer, source, rows, self.kind))

        return await call.compute(work)


def _rows(said: Mapping[str, Any], name: str) -> list[list[float]]:
    rows = said.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise RequestInvalid(name, "a list of lists of numbers is needed")
    if not 0 < len(rows) <= MOST_TEMPLATES:
        raise RequestInvalid(name, f"from 1 to {MOST_TEMPLATES} are taken")
    if not all(type(number) in (int, float) for number in chain.from_iterable(rows)):
        raise RequestInvalid(name, "numbers are needed")
    return rows
