"""`/recognition/recognize`, `/detection`, `/verification`, and the same for ready templates."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ComputeCall
from vultus.api.bodies import whole_body
from vultus.api.compat.compreface import recognition, verification
from vultus.api.compat.compreface.facade import CompreFaceFacade, new_router, query_of
from vultus.api.compat.compreface.parameters import asked_of
from vultus.api.compat.facade import Told
from vultus.api.json_body import Numbers, read_object
from vultus.errors import RequestInvalid


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

    async def recognize(self, call: ComputeCall) -> Response:
        """Name the faces of an image."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            return Told(recognition.recognize(self.gallery(call), image, query, self.kind))

        return await call.compute(work)

    async def detect(self, call: ComputeCall) -> Response:
        """Find the faces of an image."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            return Told(recognition.detect(self.gallery(call).recognizer, image, query))

        return await call.compute(work)

    async def verify(self, call: ComputeCall) -> Response:
        """Compare the face of an image with those of another."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            source, target = posted.images("source_image", "target_image")
            recognizer = self.gallery(call).recognizer
            return Told(verification.verify(recognizer, source, target, query, self.kind))

        return await call.compute(work)

    async def recognize_ready(self, call: ComputeCall) -> Response:
        """Name ready templates."""
        body, query = await whole_body(call.request), query_of(call)

        def work() -> Told:
            rows, asked = _rows(body, "embeddings"), asked_of(query)
            gallery = self.gallery(call)
            return Told(verification.recognize_templates(gallery, rows, asked, self.kind))

        return await call.compute(work)

    async def verify_with_face(self, call: ComputeCall, image_id: str) -> Response:
        """Compare ready templates with an enrolled face."""
        body = await whole_body(call.request)

        def work() -> Told:
            rows = _rows(body, "embeddings")
            gallery = self.gallery(call)
            return Told(verification.verify_with_face(gallery, image_id, rows, self.kind))

        return await call.compute(work)

    async def verify_ready(self, call: ComputeCall) -> Response:
        """Compare ready templates with another."""
        body = await whole_body(call.request)

        def work() -> Told:
            said = read_object(body, "source", "targets")
            source, rows = _array(said, "source", 1), _array(said, "targets", 2)
            recognizer = self.gallery(call).recognizer
            return Told(verification.verify_templates(recognizer, source, rows, self.kind))

        return await call.compute(work)


def _rows(body: bytes, name: str) -> Numbers:
    """The templates that a body names so.

    Raises:
        RequestInvalid: it has none.
    """
    return _array(read_object(body, name), name, 2)


def _array(said: Mapping[str, Any], name: str, dimensions: int) -> Numbers:
    array = said.get(name)
    if not isinstance(array, np.ndarray) or array.ndim != dimensions:
        kind = "rows of numbers are" if dimensions == 2 else "a row of numbers is"
        raise RequestInvalid(name, f"{kind} needed")
    return array
