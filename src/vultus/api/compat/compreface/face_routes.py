"""`/recognition/faces`, and pictures of them."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from vultus.api.access import ReadCall, allowed, authenticate
from vultus.api.bodies import whole_body
from vultus.api.call import Call
from vultus.api.compat.compreface import faces, recognition
from vultus.api.compat.compreface.facade import CompreFaceFacade, new_router, query_of
from vultus.api.compat.facade import EnrollingCall, Told
from vultus.api.json_body import read_json
from vultus.domain.key import Scope
from vultus.errors import RequestInvalid

PATH = "/recognition/faces"
MOST_DELETED = 10_000
JPEG = "image/jpeg"
FOR_ALL_WEBSITES = {"Cross-Origin-Resource-Policy": "cross-origin"}


class FaceRoutes(CompreFaceFacade):
    """Examples of subjects."""

    def router(self) -> APIRouter:
        """Its routes."""
        router = new_router()
        router.add_api_route(PATH, self.list_all, methods=["GET"])
        router.add_api_route(PATH, self.add, methods=["POST"])
        router.add_api_route(PATH, self.delete_all, methods=["DELETE"])
        router.add_api_route(f"{PATH}/delete", self.delete_several, methods=["POST"])
        router.add_api_route(PATH + "/{image_id}", self.delete, methods=["DELETE"])
        router.add_api_route(PATH + "/{image_id}/img", self.picture, methods=["GET"])
        router.add_api_route(PATH + "/{image_id}/verify", self.verify, methods=["POST"])
        router.add_api_route("/static/{key}/images/{image_id}", self.linked, methods=["GET"])
        return router

    async def list_all(self, call: ReadCall) -> Response:
        """List faces, page by page."""
        query = query_of(call)
        return await call.read(lambda: Told(faces.list_faces(self.gallery(call), query)))

    async def add(self, call: EnrollingCall) -> Response:
        """Enroll a face."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            name = query.get("subject", "")
            return Told(faces.add_face(self.gallery(call), image, name, query))

        return await call.write(work, status=HTTPStatus.CREATED, images=True)

    async def delete_all(self, call: EnrollingCall) -> Response:
        """Delete the faces of a subject, or all."""
        name = query_of(call).get("subject", "")
        if not name:
            call = allowed(call.request, call.key, Scope.ADMIN)
        return await call.write(lambda: Told(faces.delete_faces(self.gallery(call), name)))

    async def delete(self, call: EnrollingCall, image_id: str) -> Response:
        """Delete a face."""
        return await call.write(lambda: Told(faces.delete_face(self.gallery(call), image_id)))

    async def delete_several(self, call: EnrollingCall) -> Response:
        """Delete faces."""
        body = await whole_body(call.request)

        def work() -> Told:
            return Told(faces.delete_several(self.gallery(call), _ids(body)))

        return await call.write(work)

    async def verify(self, call: ReadCall, image_id: str) -> Response:
        """Compare the faces of an image with an enrolled one."""
        posted, query = await self.images(call), query_of(call)

        def work() -> Told:
            (image,) = posted.images("file")
            gallery = self.gallery(call)
            return Told(recognition.verify_face(gallery, image_id, image, query, self.kind))

        return await call.compute(work)

    async def picture(self, call: ReadCall, image_id: str) -> Response:
        """Give the picture of a face."""
        return Response(await self._picture(call, image_id), media_type=JPEG)

    async def linked(self, request: Request, key: str, image_id: str) -> Response:
        """The same for the `src` of an HTML image of any website, which can send no header."""
        found = await authenticate(request, key)
        picture = await self._picture(allowed(request, found, Scope.READ), image_id)
        return Response(picture, media_type=JPEG, headers=FOR_ALL_WEBSITES)

    async def _picture(self, call: Call, image_id: str) -> bytes:
        return await call.run(lambda: faces.picture(self.gallery(call), image_id), images=False)


def _ids(body: bytes) -> list[str]:
    ids = read_json(body)
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise RequestInvalid("body", "a list of image ids is needed")
    if len(ids) > MOST_DELETED:
        raise RequestInvalid("body", f"at most {MOST_DELETED} image ids are taken")
    return ids
