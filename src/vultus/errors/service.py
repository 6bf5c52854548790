"""Requests that the service does not carry out."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class ServiceError(VultusError):
    """The service does not carry a request out."""

    code = "service_error"


@dataclass(eq=False)
class RequestInvalid(ServiceError):
    """A request that says what cannot be understood."""

    code = "request_invalid"
    sentence = "The request is not valid: {where}: {problem}."
    where: str
    problem: str


@dataclass(eq=False)
class RouteNotFound(ServiceError):
    """Nothing answers at that address."""

    code = "route_not_found"
    sentence = "There is nothing at this address. See /docs for what there is."


@dataclass(eq=False)
class MethodNotAllowed(ServiceError):
    """The address knows no such method."""

    code = "method_not_allowed"
    sentence = "This address does not take {method}. See /docs for what it takes."
    method: str


@dataclass(eq=False)
class BodyTooLarge(ServiceError):
    """A request with more bytes than allowed."""

    code = "body_too_large"
    sentence = "The body of the request has more than the {limit} bytes that are taken here."
    limit: int


@dataclass(eq=False)
class BodyTooSlow(ServiceError):
    """A request whose bytes did not all come in time."""

    code = "body_too_slow"
    sentence = "The request did not arrive within {limit_s:g} s."
    limit_s: float


@dataclass(eq=False)
class TooManyImages(ServiceError):
    """More images in one request than allowed."""

    code = "too_many_images"
    sentence = "{count} images are too many for one request: at most {limit} are taken."
    count: int
    limit: int


@dataclass(eq=False)
class Overloaded(ServiceError):
    """More work than the service can do now."""

    code = "overloaded"
    sentence = "There is more to do than can be done now. Try again in {retry_after_s} s."
    retry_after_s: int


@dataclass(eq=False)
class ModelsNotReady(ServiceError):
    """The models are not loaded yet."""

    code = "models_not_ready"
    sentence = "The model {pack} is not loaded yet. Try again in {retry_after_s} s."
    pack: str
    retry_after_s: int


@dataclass(eq=False)
class ModelUnavailable(ServiceError):
    """A model that cannot be loaded: to ask again does not help."""

    code = "model_unavailable"
    sentence = (
        "The model {pack} cannot be loaded. The log of the service says why; "
        "vultus packs list shows what is installed."
    )
    pack: str


@dataclass(eq=False)
class TookTooLong(ServiceError):
    """A request that was not done in time."""

    code = "took_too_long"
    sentence = "The request was not done within {limit_s:g} s. Ask for less at once."
    limit_s: float


@dataclass(eq=False)
class IdempotencyKeyReused(ServiceError):
    """An Idempotency-Key that stands for another request."""

    code = "idempotency_key_reused"
    sentence = "This Idempotency-Key was used for another request. Use a new one for each."


@dataclass(eq=False)
class RequestInProgress(ServiceError):
    """The same request is being carried out."""

    code = "request_in_progress"
    sentence = (
        "A request with this Idempotency-Key is being carried out. "
        "Try again in {retry_after_s} s to get its answer."
    )
    retry_after_s: int


@dataclass(eq=False)
class RequestInterrupted(ServiceError):
    """A write was done, and the service died before it could answer."""

    code = "request_interrupted"
    sentence = (
        "A request with this Idempotency-Key changed something and was interrupted before its "
        "answer was kept. Look at what is there, and go on with a new key."
    )


@dataclass(eq=False)
class ConfirmationMissing(ServiceError):
    """Everything was to be deleted, and nobody said that it is meant."""

    code = "confirmation_missing"
    sentence = (
        "This deletes every subject of the gallery {gallery!r}. "
        "Say so: give its name as the parameter confirm."
    )
    gallery: str


@dataclass(eq=False)
class PublicWithoutKeys(ServiceError):
    """The service would be open to others without any key."""

    code = "public_without_keys"
    sentence = (
        "Without a key everybody who reaches {host} could do everything. "
        "Run vultus keys create NAME --scope admin first."
    )
    host: str


@dataclass(eq=False)
class ProxiesWithoutKeys(ServiceError):
    """The service would be open, without any key, to everybody whom a proxy passes on."""

    code = "proxies_without_keys"
    sentence = (
        "Without a key everybody whom a proxy of service.trusted_proxies passes on could do "
        "everything. Run vultus keys create NAME --scope admin first, or unset that setting."
    )


@dataclass(eq=False)
class AddressUnavailable(ServiceError):
    """The service cannot listen where it should."""

    code = "address_unavailable"
    sentence = "The service cannot listen on {host}:{port}: {problem}. Choose another with --port."
    host: str
    port: int
    problem: str
