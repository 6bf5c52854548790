"""Who may ask: the key of a request, and what it is good for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request

from vultus.api.call import Call, Confirm, confirmed
from vultus.api.context import Context, context_of
from vultus.api.local import check_is_local
from vultus.domain.key import Key, Scope
from vultus.errors import KeyInsufficient, KeyInvalid, KeyMissing, RequestInvalid
from vultus.usecases.serving.keys import Keys

T = TypeVar("T")

MAX_SECRET = 512

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


def secret_of(request: Request) -> str | None:
    """The secret that came with a request, in either header."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    is_bearer = kind.lower() == "bearer" and secret.strip()
    return secret.strip() if is_bearer else request.headers.get("X-API-Key")


async def key_of(request: Request) -> Key | None:
    """The key of a request; None where no key is needed.

    Raises:
        KeyMissing: one is needed, and none is there.
        KeyInvalid: it is unknown, expired or revoked.
        TooManyRequests: it was used too often, or it is one wrong key too many from its address.
    """
    return await authenticate(request, secret_of(request))


async def authenticate(request: Request, secret: str | None) -> Key | None:
    """Check the secret that came with a request, wherever it stood; errors as for `key_of`."""
    context = context_of(request)
    address = _count_address(request)
    try:
        key = await _in_thread(context, lambda: _checked(context.service.keys, secret))
    except KeyInvalid:
        context.limits.count_wrong_key(address)
        raise
    _let_in(request, key)
    context.recent_keys.note(secret, key)
    return key


async def recognised(request: Request, secret: str | None) -> tuple[Key | None, Confirm]:
    """The key of a request that was good lately, and what checks it again, for a thread.

    Of others it is checked here and now; errors as for `key_of`.
    """
    context = context_of(request)
    recent = context.recent_keys.recall(secret)
    if recent is None:
        return await authenticate(request, secret), confirmed
    _count_address(request)
    _let_in(request, recent.key)
    return recent.key, partial(_confirm, context.service.keys, secret, recent.key)


def _confirm(keys: Keys, secret: str | None, key: Key | None) -> None:
    found = _checked(keys, secret)
    if (found and found.id) != (key and key.id):
        raise KeyInvalid


def _count_address(request: Request) -> str:
    address = request.client.host if request.client else "unknown"
    context_of(request).limits.count_address(address)
    return address


def _let_in(request: Request, key: Key | None) -> None:
    if key is None:
        check_is_local(request)
        return
    context_of(request).limits.count_key(key.id)
    request.state.key_id = key.id


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


def needs_to_compute(scope: Scope) -> Callable[..., Awaitable[Call]]:
    """The same for a call whose work computes, and whose key is checked there if it can be."""

    async def call(request: Request) -> Call:
        key, confirm = await recognised(request, secret_of(request))
        return replace(allowed(request, key, scope), confirm=confirm)

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
ComputeCall = Annotated[Call, Depends(needs_to_compute(Scope.READ))]
EnrollCall = Annotated[Call, Depends(needs_to_write(Scope.ENROLL))]
AdminCall = Annotated[Call, Depends(needs_to_write(Scope.ADMIN))]
AdminReadCall = Annotated[Call, Depends(needs(Scope.ADMIN))]
AdminAnewCall = Annotated[Call, Depends(needs_anew(Scope.ADMIN))]
