"""`/recognition/subjects`."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from vultus.api.access import ReadCall
from vultus.api.bodies import whole_body
from vultus.api.compat.compreface import subjects
from vultus.api.compat.compreface.facade import CompreFaceFacade, new_router
from vultus.api.compat.facade import EmptyingCall, EnrollingCall, Told
from vultus.api.compat.posted import text_of
from vultus.api.json_body import read_object

PATH = "/recognition/subjects"


class SubjectRoutes(CompreFaceFacade):
    """Subjects of the face collection."""

    def router(self) -> APIRouter:
        """Its routes."""
        router = new_router()
        router.add_api_route(PATH, self.list_all, methods=["GET"])
        router.add_api_route(f"{PATH}/", self.list_all, methods=["GET"])
        router.add_api_route(PATH, self.add, methods=["POST"])
        router.add_api_route(PATH, self.delete_all, methods=["DELETE"])
        router.add_api_route(PATH + "/{subject:path}", self.rename, methods=["PUT"])
        router.add_api_route(PATH + "/{subject:path}", self.delete, methods=["DELETE"])
        return router

    async def list_all(self, call: ReadCall) -> Response:
        """Name all subjects."""
        return await call.read(lambda: Told(subjects.list_subjects(self.gallery(call))))

    async def add(self, call: EnrollingCall) -> Response:
        """Create a subject."""
        body = await whole_body(call.request)

        def work() -> Told:
            name = text_of(read_object(body), "subject")
            return Told(subjects.add_subject(self.gallery(call), name))

        return await call.write(work, status=HTTPStatus.CREATED)

    async def rename(self, call: EnrollingCall, subject: str) -> Response:
        """Rename a subject."""
        body = await whole_body(call.request)

        def work() -> Told:
            name = text_of(read_object(body), "subject")
            return Told(subjects.rename_subject(self.gallery(call), subject, name))

        return await call.write(work)

    async def delete(self, call: EnrollingCall, subject: str) -> Response:
        """Delete a subject."""
        return await call.write(lambda: Told(subjects.delete_subject(self.gallery(call), subject)))

    async def delete_all(self, call: EmptyingCall) -> Response:
        """Delete everybody."""
        return await call.write(lambda: Told(subjects.delete_subjects(self.gallery(call))))
