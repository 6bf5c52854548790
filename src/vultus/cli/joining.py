"""The head of an answer and its body, sent together."""

import asyncio
from typing import Any

SMALL_BYTES = 4 * 1024
"""More is sent at once: what follows would be copied for nothing."""


class JoiningTransport:
    """A transport that keeps a small piece for the next one, or for the loop's next turn.

    Uvicorn writes an answer in two pieces, and each wakes whoever waits for it: a fiftieth of the
    time of a photo.
    """

    def __init__(self, inner: asyncio.Transport) -> None:
        """Send by another transport, which does all the rest."""
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._kept = b""

    def write(self, data: bytes) -> None:
        """Send, with what was kept before."""
        if self._kept or len(data) > SMALL_BYTES:
            data, self._kept = self._kept + data, b""
            self._inner.write(data)
        elif data:
            self._kept = data
            self._loop.call_soon(self._send_kept)

    def close(self) -> None:
        """Send what was kept, and close."""
        self._send_kept()
        self._inner.close()

    def _send_kept(self) -> None:
        kept, self._kept = self._kept, b""
        if kept and not self._inner.is_closing():
            self._inner.write(kept)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
