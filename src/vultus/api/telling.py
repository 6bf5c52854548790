"""How errors are told: as problem details (RFC 9457), or as the system does whose address it is."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse

from vultus.api.problems import MEDIA_TYPE, headers_of, is_inside, problem_of, status_of
from vultus.errors import VultusError

log = logging.getLogger("vultus.requests")

Refusal = Callable[[VultusError], tuple[int, dict[str, Any]]]
"""The status and the body by which a system tells of an error."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a system tells of errors, at some addresses and below them."""

    places: tuple[str, ...]
    refusal: Refusal

    def covers(self, path: str) -> bool:
        """Say whether an address is that system's, there or not."""
        return any(path == place or path.startswith(f"{place}/") for place in self.places)


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of errors; the first of the manners that covers an address holds."""

    manners: tuple[Manner, ...]

    def response(self, path: str, error: VultusError, request_id: str) -> JSONResponse:
        """An error as an answer; one that tells of the service's own affairs is logged instead."""
        if is_inside(error):
            log.error("request %s: %s: %s", request_id, error.code, error)
        for manner in self.manners:
            if manner.covers(path):
                status, body = manner.refusal(error)
                return JSONResponse(body, status, headers_of(error))
        content = problem_of(error, request_id)
        return JSONResponse(content, status_of(type(error)), headers_of(error), MEDIA_TYPE)
