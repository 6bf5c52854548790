"""The application: what `/v1` is made of, from settings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from vultus.api import docs
from vultus.api.bodies import BodyLimit, BodyLimits
from vultus.api.compat.routers import facades, manners
from vultus.api.context import Context
from vultus.api.described import TAGS, complete
from vultus.api.metrics import Metrics
from vultus.api.observed import Observed
from vultus.api.routes import ROUTERS, archives
from vultus.api.telling import Telling
from vultus.bootstrap.service import open_service
from vultus.errors import MethodNotAllowed, RequestInvalid, RouteNotFound, VultusError
from vultus.settings import ServiceSettings, Settings
from vultus.usecases.serving.service import Service

DESCRIPTION = """Face recognition that says how sure it is.

Images come as `multipart/form-data`, in any number of parts called `image`, or as JSON with base64
in `image`. Errors are problem details (RFC 9457) with a stable `code`. Lists are given page by
page: `next` of one is `cursor` of the following. Most writes take an `Idempotency-Key`.
"""


class Application(FastAPI):
    """The framework's, with a document that says more."""

    def openapi(self) -> dict[str, Any]:
        """Make the OpenAPI document, once."""
        if self.openapi_schema is None:
            complete(super().openapi())
        assert self.openapi_schema is not None
        return self.openapi_schema


def create_app(
    settings: Settings, opened_by: Callable[[Settings], Service] = open_service
) -> FastAPI:
    """Make the application; stores are opened and models loaded when it starts.

    Args:
        settings: all of them.
        opened_by: opens what the service works with.
    """
    metrics, telling = Metrics(), Telling(tuple(manners(settings)))
    app = Application(
        title="Vultus",
        version=version("vultus"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, opened_by),
        middleware=_middleware(settings.service, metrics, telling),
        exception_handlers={
            VultusError: _ours,
            HTTPException: _http,
            RequestValidationError: _invalid,
        },
    )
    app.state.metrics = metrics
    app.state.telling = telling
    app.state.routers = (*ROUTERS, *facades(settings), docs.router)
    for router in app.state.routers:
        app.include_router(router)
    return app


def _lifespan(
    settings: Settings, opened_by: Callable[[Settings], Service]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = await asyncio.to_thread(opened_by, settings)
        context = Context.of(service, settings.service, app.state.metrics)
        app.state.context = context
        service.start()
        try:
            yield
        finally:
            await asyncio.to_thread(context.close)

    return lifespan


def _middleware(settings: ServiceSettings, metrics: Metrics, telling: Telling) -> list[Middleware]:
    long_s = settings.long_time_limit_s
    limits = Middleware(
        BodyLimits,
        usual=BodyLimit(settings.max_body_bytes, settings.time_limit_s),
        most_held_bytes=settings.bodies_bytes,
        others={archives.IMPORT: BodyLimit(settings.max_archive_bytes, long_s, is_held=False)},
    )
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins or (),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "X-API-Key", "Idempotency-Key", "If-Match"],
        expose_headers=["ETag", "Idempotency-Replayed", "Retry-After", "X-Request-ID"],
    )
    return [
        Middleware(Observed, metrics=metrics, telling=telling),
        *([cors] if settings.cors_origins else []),
        limits,
    ]


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, VultusError)
    telling: Telling = request.app.state.telling
    return telling.response(request.scope["path"], error, request.state.request_id)


async def _http(request: Request, error: Exception) -> Response:
    """What the framework refuses."""
    assert isinstance(error, HTTPException)
    answer = await _ours(request, _translated(request, error))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return answer


def _methods_at(request: Request) -> set[str]:
    """What an address takes; the framework knows of the first of its routes alone."""
    routes: Iterable[Any] = (
        route for router in request.app.state.routers for route in router.routes
    )
    path = request.scope["path"]
    return {method for each in routes if each.path_regex.match(path) for method in each.methods}


def _translated(request: Request, error: HTTPException) -> VultusError:
    if error.status_code == 404:
        return RouteNotFound()
    if error.status_code == 405:
        return MethodNotAllowed(request.method)
    return RequestInvalid("body", str(error.detail).removesuffix("."))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(each) for each in first["loc"])
    problem = str(first["msg"]).removesuffix(".")
    return await _ours(request, RequestInvalid(where, problem))
