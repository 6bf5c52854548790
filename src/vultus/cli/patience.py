"""How long a connection may keep the service waiting before and after a request."""

import asyncio
from asyncio.events import TimerHandle
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vultus.cli.joining import JoiningTransport

HEAD_S = 10.0
"""So long the head of a request may take to arrive, and what is left of a refused body."""
ANSWER_S = 60.0
"""So long a caller may take nothing of an answer that does not fit into the network's buffers."""
HEAD_BYTES = 64 * 1024
"""Most bytes of a head."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP that leaves callers who dawdle.

    Uvicorn waits without end for a head, for a body that nobody reads, and for a caller that reads
    nothing; the time of a body that is read is the application's affair.
    """

    _waiting: TimerHandle | None = None
    _stalled: TimerHandle | None = None
    _head_bytes = 0
    _unread_bytes = 0
    _in_head = False
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        # It does all that a transport does, most of it by the one within.
        super().connection_made(cast("asyncio.Transport", JoiningTransport(transport)))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as a head does not grow too large."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._in_head, self._in_body, self._head_bytes = True, False, 0
        if self._waiting is None:
            self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Note that a head is complete: now the application waits for the body."""
        self._in_head, self._in_body = False, True
        self._wait_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request is complete."""
        self._in_body = False
        self._wait_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the rest of a body that was refused; it is thrown away."""
        super().on_response_complete()
        if self._in_body and not self.transport.is_closing():
            self._wait()

    def pause_writing(self) -> None:
        """Begin to wait for the caller to read."""
        self._unread_bytes = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(ANSWER_S, self._see_whether_it_reads)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on: the caller has read nearly all of what was written."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _see_whether_it_reads(self) -> None:
        before, self._unread_bytes = self._unread_bytes, self.transport.get_write_buffer_size()
        if self._unread_bytes < before:
            self._stalled = self.loop.call_later(ANSWER_S, self._see_whether_it_reads)
        else:
            self._leave()

    def _wait(self) -> None:
        self._wait_no_more()
        self._waiting = self.loop.call_later(HEAD_S, self._leave)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _leave(self) -> None:
        self.transport.abort()
