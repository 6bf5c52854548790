"""The façades that the settings switch on, and how they tell of errors."""

from collections.abc import Iterator

from fastapi import APIRouter

from vultus.api.compat.addresses import AllowedHosts
from vultus.api.compat.compreface import problems as compreface
from vultus.api.compat.compreface.face_routes import FaceRoutes
from vultus.api.compat.compreface.recognition_routes import RecognitionRoutes
from vultus.api.compat.compreface.subject_routes import SubjectRoutes
from vultus.api.compat.fetch import AllowedFetcher
from vultus.api.compat.index import routes as index
from vultus.api.compat.infer import routes as infer
from vultus.api.telling import Manner
from vultus.settings import Settings


def facades(settings: Settings) -> Iterator[APIRouter]:
    """The routes of all façades that are on."""
    compat, limit_bytes = settings.compat, settings.decode.max_bytes
    usual = settings.gallery.default
    if compat.infer:
        gallery = compat.infer_gallery or usual
        yield infer.InferFacade(gallery, limit_bytes, compat.infer_templates).router()
    if compat.index:
        hosts = AllowedHosts.of(compat.allowed_hosts or ())
        fetcher = AllowedFetcher(hosts, limit_bytes, compat.fetch_timeout_s)
        yield index.IndexFacade(compat.index_gallery or usual, limit_bytes, fetcher).router()
    if compat.compreface:
        gallery = compat.compreface_gallery or usual
        for routes in (SubjectRoutes, FaceRoutes, RecognitionRoutes):
            yield routes(gallery, limit_bytes, compat.similarity).router()


def manners(settings: Settings) -> Iterator[Manner]:
    """How the façades that are on tell of errors, those of few addresses first."""
    compat = settings.compat
    if compat.infer:
        yield infer.MANNER
    if compat.index:
        yield index.MANNER
    if compat.compreface:
        yield compreface.MANNER
