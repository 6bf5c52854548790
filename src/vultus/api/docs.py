"""Pages for people: the API to try out, and what each error means. All files are our own."""

from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse, Response

from vultus import errors
from vultus.errors import VultusError

router = APIRouter(include_in_schema=False)

ASSETS: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Vultus</title>
<link rel="icon" href="/docs/favicon.png"><link rel="stylesheet" href="/docs/swagger-ui.css">
</head><body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>
</body></html>"""
START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  persistAuthorization: false, validatorUrl: null});"""


@router.get("/")
@router.get("/docs")
async def docs() -> Response:
    """The API, to read and to try out."""
    return HTMLResponse(PAGE, headers=HEADERS)


@router.get("/docs/start.js")
async def start() -> Response:
    """What starts that page."""
    return Response(START, media_type="text/javascript")


@router.get("/docs/errors")
async def error_page() -> Response:
    """What each error means."""
    kinds = (getattr(errors, name) for name in errors.__all__)
    items = "".join(map(_item, sorted(kinds, key=lambda kind: str(kind.code))))
    page = f'<!doctype html><html lang="en"><title>Errors</title><dl>{items}</dl></html>'
    return HTMLResponse(page, headers=HEADERS)


@router.get("/docs/{asset}")
async def asset(asset: str) -> Response:
    """A file of that page."""
    if asset not in ASSETS:
        raise errors.RouteNotFound
    path = Path(str(files("fastapi_offline"))) / "static" / asset
    headers = {"Cache-Control": "max-age=86400"}
    return FileResponse(path, headers=headers, media_type=ASSETS[asset])


def _item(kind: type[VultusError]) -> str:
    meaning = (kind.__doc__ or "").partition("\n")[0]
    return f'<dt id="{kind.code}"><code>{kind.code}</code></dt><dd>{escape(meaning)}</dd>'
