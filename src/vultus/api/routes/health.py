"""Whether the service lives, whether it is ready, and how much it does."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from vultus.api.access import ReadCall
from vultus.api.bodies import SmallBodyRoute
from vultus.api.call import JSON
from vultus.api.context import context_of
from vultus.api.described import NO_KEY, problems
from vultus.api.schemas.administration import Check, Liveness, Readiness
from vultus.usecases.serving.service import Service

router = APIRouter(tags=["health"], route_class=SmallBodyRoute)


@router.get("/healthz", openapi_extra=NO_KEY)
async def healthz() -> Liveness:
    """Say that the process answers. Needs no key."""
    return Liveness()


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness}},
    openapi_extra=NO_KEY,
)
async def readyz(request: Request) -> Response:
    """Say whether the service can take requests, and what is missing if not. Needs no key."""
    found = await context_of(request).aside(readiness)
    status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(found.model_dump_json(), status, media_type=JSON)


@router.get(
    "/metrics",
    response_class=Response,
    responses=problems() | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(call: ReadCall, request: Request) -> Response:
    """Give figures for Prometheus; any key will do."""
    found = await call.context.aside(readiness)
    text = request.app.state.metrics.text(ready=found.ready)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def readiness(service: Service) -> Readiness:
    """What the service needs, and whether it is there."""
    missing = service.missing()
    checks = {
        name: Check(ready=problem is None, detail=problem or "ready")
        for name, problem in missing.items()
    }
    return Readiness(ready=not any(missing.values()), checks=checks)
