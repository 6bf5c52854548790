"""One request: who asks, what for, and how it is answered.

A route takes a `Call` of the scope it needs, and gives it the work: a function that runs in a
thread, calls one use case and gives a shape.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from vultus.api.bodies import whole_body
from vultus.api.context import Context
from vultus.api.forms import Posted, read_shape
from vultus.api.schemas.subject import SubjectShape
from vultus.domain.answer import Answer
from vultus.domain.key import Key
from vultus.errors import GalleryNotFound, KeyOfOneGallery
from vultus.usecases.gallery.galleries import Galleries
from vultus.usecases.gallery.opened import OpenGallery
from vultus.usecases.serving.service import Service

ANYBODY = "anybody"
"""Who stands in the audit log where no key is needed."""
JSON = "application/json"

T = TypeVar("T")
Shape = TypeVar("Shape", bound=BaseModel)

Confirm = Callable[[], None]
"""Checks the key of a request, in the thread of its work; raises what refuses it."""


def confirmed() -> None:
    """Nothing to do: the key was checked before."""


Work = Callable[[], BaseModel | None]
"""What a thread does for a request; None is answered by nothing (204)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request of somebody who may ask it: who may go on is known, when `confirm` lets them."""

    request: Request
    context: Context
    key: Key | None
    idempotency_key: str | None = None
    confirm: Confirm = confirmed

    @property
    def service(self) -> Service:
        """What the work is done with."""
        return self.context.service

    @property
    def actor(self) -> str:
        """Who stands in the audit log."""
        return f"key:{self.key.id}" if self.key else ANYBODY

    @property
    def galleries(self) -> Galleries:
        """All galleries.

        Raises:
            KeyOfOneGallery: the key is for one of them.
        """
        if self.key and self.key.gallery_id is not None:
            raise KeyOfOneGallery
        return self.service.galleries(self.actor)

    def visible(self) -> list[OpenGallery]:
        """The galleries that the key is for, by name."""
        workings = self.service.workings
        return [
            OpenGallery(each, workings, self.actor)
            for each in workings.store.galleries()
            if self.key is None or self.key.opens(each.id)
        ]

    def gallery(self, said: str) -> OpenGallery:
        """A gallery by its name or id.

        Raises:
            GalleryNotFound: there is none, or the key is for another one.
        """
        found = self.service.galleries(self.actor).open(said)
        if self.key and not self.key.opens(found.id):
            raise GalleryNotFound(said)
        return replace(found, once=True)

    async def said(self, shape: type[Shape]) -> Shape:
        """The small JSON body of a request.

        It is read here and not before the route, so that who may not ask is told so first.

        Raises:
            RequestInvalid: it is no JSON, or not of that shape.
        """
        content_type = self.request.headers.get("content-type", "")
        return read_shape(await self.request.body(), content_type, shape)

    async def posted(self) -> Posted:
        """The body as it comes."""
        return Posted(
            await whole_body(self.request),
            self.request.headers.get("content-type", ""),
            self.context.settings.max_images,
        )

    async def read(self, work: Work, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """Answer what only asks the store, or what must not be kept."""
        return await self._respond(work, status, images=False)

    async def compute(self, work: Work) -> Response:
        """Answer what looks at images or compares templates."""
        return await self._respond(work, HTTPStatus.OK, images=True)

    async def write(
        self,
        work: Work,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        images: bool = False,
        says: Callable[[], str] | None = None,
        repeatable: bool = False,
    ) -> Response:
        """Do what changes something, once for each Idempotency-Key.

        Args:
            work: what to do.
            status: of the answer, where there is one.
            images: whether images are looked at.
            says: gives a digest of what the request says; None takes the body as it is.
            repeatable: doing it twice is as good as once.
        """
        if self.idempotency_key is None:
            return await self._respond(work, status, images=images)
        body = b"" if says else await self.request.body()

        def once() -> Response:
            said = says() if says else hashlib.sha256(body).hexdigest()
            answer, again = self.service.once.carry_out(
                self._name(),
                self._digest(said),
                lambda: _answer(work(), status),
                repeatable=repeatable,
            )
            return _response(answer, {"Idempotency-Replayed": "true"} if again else {})

        return await self.run(once, images=images)

    async def run(self, work: Callable[[], T], *, images: bool) -> T:
        """Do work whose answer the route makes itself."""
        pool = self.context.image_pool if images else self.context.store_pool
        return await pool.run(self._let_in(work), self._gone, self.context.settings.time_limit_s)

    async def long(self, work: Work) -> Response:
        """Answer what may take minutes. It has no Idempotency-Key: doing it again does no harm."""
        return await self.run_long(lambda: _response(_answer(work(), HTTPStatus.OK)))

    async def run_long(self, work: Callable[[], T]) -> T:
        """The same for an answer that the route makes itself."""
        limit_s = self.context.settings.long_time_limit_s
        return await self.context.long_pool.run(self._let_in(work), self._gone, limit_s)

    def _let_in(self, work: Callable[[], T]) -> Callable[[], T]:
        def confirmed_work() -> T:
            self.confirm()
            return work()

        return confirmed_work

    async def _respond(self, work: Work, status: HTTPStatus, *, images: bool) -> Response:
        return await self.run(lambda: _response(_answer(work(), status)), images=images)

    async def _gone(self) -> None:
        while (await self.request.receive())["type"] != "http.disconnect":
            pass

    def _name(self) -> str:
        return hashlib.sha256(f"{self.actor}\n{self.idempotency_key}".encode()).hexdigest()

    def _digest(self, said: str) -> str:
        url, expected = self.request.url, self.request.headers.get("if-match", "")
        whole = f"{self.request.method}\n{url.path}\n{url.query}\n{expected}\n{said}"
        return hashlib.sha256(whole.encode()).hexdigest()


def _answer(shape: BaseModel | None, status: HTTPStatus) -> Answer:
    if shape is None:
        return Answer(HTTPStatus.NO_CONTENT, {}, b"")
    headers = {"Content-Type": JSON}
    if isinstance(shape, SubjectShape):
        headers["ETag"] = f'"{shape.version}"'
    return Answer(status, headers, shape.model_dump_json().encode())


def _response(answer: Answer, more: dict[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, **(more or {})})
