"""CompreFace's services: recognition, detection, verification."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter

from vultus.api.call import Call
from vultus.api.compat.compreface.parameters import read_query
from vultus.api.compat.facade import Facade
from vultus.api.compat.similarity import Kind


@dataclass(frozen=True, slots=True)
class CompreFaceFacade(Facade):
    """What its routes share; `kind` is what its clients get for `similarity`."""

    kind: Kind


def new_router() -> APIRouter:
    """For routes of one of its services."""
    return APIRouter(prefix="/api/v1", include_in_schema=False)


def query_of(call: Call) -> Mapping[str, str]:
    """The query of a request, as its clients write it."""
    return read_query(call.request.url.query)
