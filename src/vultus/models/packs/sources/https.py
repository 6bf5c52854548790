"""`https:` addresses."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from vultus.errors import SourceInvalid, SourceUnavailable
from vultus.models.packs.sources.http import HttpFile
from vultus.models.packs.sources.port import Progress, Wanted
from vultus.models.packs.sources.transfer import PAUSES_S, Promise, is_intact, receive

TIMEOUT_S = 30.0


class HttpsSource:
    """Fetches `https://host/path`, by way of the proxies that the environment names."""

    scheme = "https"

    def __init__(
        self, verify: ssl.SSLContext | None = None, pauses_s: Sequence[float] = PAUSES_S
    ) -> None:
        """Prepare; `verify` None trusts the certificates that this machine trusts."""
        self._verify = verify
        self._pauses_s = pauses_s

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        """Download the wanted file to `target`; see the port."""
        if is_intact(target, wanted.sha256, wanted.size_bytes):
            return
        address = urlsplit(wanted.source)
        if address.scheme != "https" or not address.hostname:
            raise SourceInvalid(wanted.source, "it is no https: address")
        with self._client(wanted.source) as client:
            open_at = HttpFile(client, wanted.source, wanted.source).open_at
            receive(Promise.of(wanted), target, open_at, progress, self._pauses_s)

    def _client(self, source: str) -> httpx2.Client:
        def refuse_plain_http(request: httpx2.Request) -> None:
            if request.url.scheme != "https":
                raise SourceUnavailable(source, f"it redirects to {request.url.scheme}:")

        return httpx2.Client(
            verify=self._verify or True,
            timeout=TIMEOUT_S,
            follow_redirects=True,
            event_hooks={"request": [refuse_plain_http]},
        )
