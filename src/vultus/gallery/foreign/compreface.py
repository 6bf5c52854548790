"""A running CompreFace, read through its REST API."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from uuid import UUID

import httpx2

from vultus.errors import ImageNotFound, ImageTooHeavy, SourceInvalid, SourceUnavailable
from vultus.gallery.foreign.port import ForeignFace

PATH = "/api/v1/recognition"
PAGE = 500
PAUSES_S = (0.5, 1.0, 2.0)
MAX_LIST_BYTES = 64 * 1024**2
NOT_KEPT = "CompreFace kept no image of it (save_images_to_db)"


class TooMuch(Exception):
    """An answer has more bytes than allowed."""


@dataclass(frozen=True, slots=True)
class CompreFaceGallery:
    """The face collection of one recognition service of CompreFace."""

    client: httpx2.Client
    pauses_s: Sequence[float] = PAUSES_S

    @classmethod
    def at(cls, url: str, key: str) -> Self:
        """The service with that API key, at an address such as `http://localhost:8000`.

        Raises:
            SourceInvalid: it is no http(s) address.
        """
        try:
            address = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise SourceInvalid(url, "it is no address") from error
        if address.scheme not in ("http", "https") or not address.host:
            raise SourceInvalid(url, "it is no http: or https: address")
        # A redirect would take the key elsewhere.
        return cls(httpx2.Client(base_url=url, headers={"x-api-key": key}, follow_redirects=False))

    def subjects(self) -> list[str]:
        """Name everybody; see the port."""
        with self._understanding():
            return [str(name) for name in self._list("/subjects")["subjects"]]

    def faces(self) -> Iterator[ForeignFace]:
        """List all faces, page by page; see the port."""
        number, pages = 0, 1
        while number < pages:
            pages, faces = self._page(number)
            number += 1
            yield from faces

    def photo(self, face: ForeignFace, limit_bytes: int) -> bytes:
        """Download a photo; see the port."""
        try:
            content = self._get(f"/faces/{face.id}/img", limit_bytes)
        except TooMuch:
            raise ImageTooHeavy(limit_bytes + 1, limit_bytes) from None
        if not content:
            raise ImageNotFound(face.id, NOT_KEPT)
        return content

    def close(self) -> None:
        """Give back the connection."""
        self.client.close()

    def _page(self, number: int) -> tuple[int, list[ForeignFace]]:
        """How many pages there are, and the faces on one of them."""
        with self._understanding():
            page = self._list(f"/faces?page={number}&size={PAGE}")
            faces = page["faces"]
            found = [ForeignFace(str(UUID(each["image_id"])), each["subject"]) for each in faces]
            return int(page["total_pages"]), found

    def _list(self, path: str) -> Any:
        return json.loads(self._get(path, MAX_LIST_BYTES))

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except (TooMuch, ValueError, TypeError, LookupError) as error:
            raise self._unavailable("its answer is none of CompreFace's") from error

    def _get(self, path: str, limit_bytes: int) -> bytes:
        """Ask, again after a pause where that may help, and give the answer."""
        for pause_s in (*self.pauses_s, None):
            try:
                with self.client.stream("GET", PATH + path) as response:
                    if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR or pause_s is None:
                        return self._content(response, limit_bytes)
            except httpx2.RequestError as error:
                if pause_s is None:
                    raise self._unavailable("the connection failed") from error
            time.sleep(pause_s or 0)
        raise AssertionError("the last pause is None")

    def _content(self, response: httpx2.Response, limit_bytes: int) -> bytes:
        if response.status_code != HTTPStatus.OK:
            raise self._unavailable(f"it answered {response.status_code}, so check the key, too")
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > limit_bytes:
                raise TooMuch
        return bytes(content)

    def _unavailable(self, problem: str) -> SourceUnavailable:
        return SourceUnavailable(str(self.client.base_url), problem)
