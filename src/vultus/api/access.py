"""Who may ask: the key of a request, and what it is good for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from vultus.api.call import Call
from vultus.api.context import Context, context_of
from vultus.api.local import check_is_local
from vultus.domain.key import Key, Scope
from vultus.errors import KeyInsufficient, KeyInvalid, KeyMissing, RequestInvalid
from vultus.usecases.serving.keys import Keys

T = TypeVar("T")

MAX_SECRET = 512

BEARER = HTTPBearer(auto_error=False, description="a key of `vultus keys create`")
HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, description="the same key")

ONCE = "Idempotency-Key"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=ONCE,
        min_length=1,
        max_length=255,
        description="any text that no other request has: asking again with it changes nothing, "
        "and gives the same answer",
    ),
]


async def key_of(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    header: Annotated[str | None, Depends(HEADER)],
) -> Key | None:
    """The key of a request; None where no key is needed.

    Raises:
        KeyMissing: one is needed, and none is there.
        KeyInvalid: it is unknown, expired or revoked.
        TooManyRequests: it was used too often, or it is one wrong key too many from its address.
    """
    return await authenticate(request, bearer.credentials if bearer else header)


async def authenticate(request: Request, secret: str | None) -> Key | None:
    """Check the secret that came with a request, wherever it stood; errors as for `key_of`."""
    context = context_of(request)
    address = request.client.host if request.client else "unknown"
    context.limits.count_address(address)
    try:
        key = await _in_thread(context, lambda: _checked(context.service.keys, secret))
    except KeyInvalid:
        context.limits.count_wrong_key(address)
        raise
    if key is None:
        check_is_local(request)
        return None
    context.limits.count_key(key.id)
    request.state.key_id = key.id
    return key


def _checked(keys: Keys, secret: str | None) -> Key | None:
    if not keys.needed:
        return None
    if not secret:
        raise KeyMissing
    return keys.check(secret[:MAX_SECRET])


def needs(scope: Scope) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call of somebody whose key has that scope."""

    async def call(request: Request, key: Annotated[Key | None, Depends(key_of)]) -> Call:
        return allowed(request, key, scope)

    return call


def needs_to_write(scope: Scope) -> Callable[..., Awaitable[Call]]:
    """The same for a write, which may carry an Idempotency-Key."""

    async def call(
        request: Request,
        key: Annotated[Key | None, Depends(key_of)],
        idempotency_key: IdempotencyKey = None,
    ) -> Call:
        return allowed(request, key, scope, idempotency_key)

    return call


def needs_anew(scope: Scope) -> Callable[..., Awaitable[Call]]:
    """The same for what is carried out each time it is sent, and so takes no Idempotency-Key."""

    async def call(request: Request, key: Annotated[Key | None, Depends(key_of)]) -> Call:
        found = allowed(request, key, scope)
        if ONCE in request.headers:
            problem = "none is taken here: the request is carried out each time it is sent"
            raise RequestInvalid(ONCE, problem)
        return found

    return call


def allowed(
    request: Request, key: Key | None, scope: Scope, idempotency_key: str | None = None
) -> Call:
    """A call of somebody who was let in.

    Raises:
        KeyInsufficient: the key has a lower scope.
    """
    if key is not None and not key.scope.includes(scope):
        raise KeyInsufficient(key.scope.value, scope.value)
    return Call(request, context_of(request), key, idempotency_key)


async def _in_thread(context: Context, work: Callable[[], T]) -> T:
    return await context.store_pool.run(work, _never, context.settings.time_limit_s)


async def _never() -> None:
    await asyncio.Event().wait()


ReadCall = Annotated[Call, Depends(needs(Scope.READ))]
EnrollCall = Annotated[Call, Depends(needs_to_write(Scope.ENROLL))]
AdminCall = Annotated[Call, Depends(needs_to_write(Scope.ADMIN))]
AdminReadCall = Annotated[Call, Depends(needs(Scope.ADMIN))]
AdminAnewCall = Annotated[Call, Depends(needs_anew(Scope.ADMIN))]
