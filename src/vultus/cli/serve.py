"""`vultus serve`: the service."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from vultus.cli.extras import need_service
from vultus.cli.options import MinFace, Pack, Threshold

if TYPE_CHECKING:
    from uvicorn import Config

    from vultus.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on; default: the setting.")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes any free one.", min=0, max=65_535)]
Processes = Annotated[
    int | None, typer.Option(help="Processes that serve side by side; default: the setting.", min=1)
]
Public = Annotated[
    bool, typer.Option("--public", help="Listen on all addresses; there must be a key.")
]
EVERYWHERE = "0.0.0.0"
GRACE_S = 5
"""So much longer than a request may take, the end of the service waits for those it took."""
SPARE_CONNECTIONS = 256
"""So many more than may be worked on or wait, so that those are refused with a reason first."""


def serve(
    host: Host = None,
    port: Port = None,
    public: Public = False,
    processes: Processes = None,
    pack: Pack = None,
    min_face: MinFace = None,
    threshold: Threshold = None,
) -> None:
    """Serve recognition and galleries over HTTP, until it is told to stop."""
    need_service()
    from vultus.bootstrap.service import obtain_pack
    from vultus.cli.progress import transfers
    from vultus.cli.request_log import start_logging

    service = {"host": EVERYWHERE if public else host, "port": port, "processes": processes}
    settings = _settings(service, pack, min_face, threshold)
    start_logging(settings.service.log)
    _check_keys(settings)
    with transfers() as progress:
        obtain_pack(settings, progress)
    _run(_config(settings), settings)


def _settings(
    service: dict[str, Any], pack: str | None, min_face: int | None, least: float | None
) -> "Settings":
    from vultus.cli.options import said
    from vultus.settings import load_settings

    given: dict[str, Any] = {
        "pack": pack,
        "service": service,
        "detect": {"min_face_px": min_face},
        "match": {"threshold": least},
    }
    return load_settings(**said(given))


def _check_keys(settings: "Settings") -> None:
    """Say that there is no key, or refuse to let others in without one."""
    from contextlib import closing

    from vultus.api.local import is_loopback
    from vultus.bootstrap.galleries import open_store
    from vultus.errors import ProxiesWithoutKeys, PublicWithoutKeys

    with closing(open_store(settings)) as store:
        if store.has_keys():
            return
    host = settings.service.host
    if not is_loopback(host):
        raise PublicWithoutKeys(host)
    if settings.service.trusted_proxies is not None:
        raise ProxiesWithoutKeys
    print("There is no key yet: whoever uses this machine may do everything, and nobody else.")
    print("To let others in: vultus keys create NAME --scope admin, then vultus serve --public")


def _config(settings: "Settings") -> "Config":
    from functools import partial
    from math import ceil

    from uvicorn import Config

    from vultus.api.context import most_at_work
    from vultus.api.limits import RateLimits
    from vultus.cli.hosting import application
    from vultus.cli.patience import PatientProtocol

    chosen = settings.service
    RateLimits(chosen)  # Refuses what is none, before anything begins.
    longest_s = max(chosen.time_limit_s, chosen.long_time_limit_s)
    return Config(
        partial(application, settings),
        factory=True,
        workers=chosen.processes,
        http=PatientProtocol,
        limit_concurrency=chosen.connections or most_at_work(chosen) + SPARE_CONNECTIONS,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=chosen.trusted_proxies is not None,
        forwarded_allow_ips=chosen.trusted_proxies,
        timeout_graceful_shutdown=ceil(longest_s) + GRACE_S,
    )


def _run(config: "Config", settings: "Settings") -> None:
    import socket

    from vultus.cli.hosting import host
    from vultus.errors import AddressUnavailable

    chosen = settings.service
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((chosen.host, chosen.port))
    except OSError as error:
        listening.close()
        problem = error.strerror or str(error)
        raise AddressUnavailable(chosen.host, chosen.port, problem) from error
    with listening:
        port = listening.getsockname()[1]
        host(config, listening, lambda: print(what_next(chosen.host, port), flush=True))


def what_next(host: str, port: int) -> str:
    """What to try, once the service runs."""
    at = "127.0.0.1" if host == EVERYWHERE else f"[{host}]" if ":" in host else host
    url = f"http://{at}:{port}"
    return f"""Vultus listens on {url}

  {url}/docs    the API, to read and to try out
  curl {url}/readyz
  curl {url}/v1/galleries -H 'Content-Type: application/json' -d '{{"name": "people"}}'
  curl {url}/v1/galleries/people/faces -F 'subject={{"name": "Ada"}}' -F image=@ada.jpg
  curl {url}/v1/galleries/people/identify -F image=@who.jpg
"""
