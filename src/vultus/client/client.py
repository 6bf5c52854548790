"""A server of Vultus, as the library sees one."""

from collections.abc import Callable
from typing import Self, TypeVar

import httpx2

from vultus.client.administration import ServerAdministration
from vultus.client.answer import understood
from vultus.client.asking import flags
from vultus.client.connection import Call, Connection, Json
from vultus.client.galleries import ServerGalleries
from vultus.client.reading import faces as reading
from vultus.client.upload import ImageFile, path_of
from vultus.client.values import Verification
from vultus.domain.face import AssessedFace, Face
from vultus.domain.template import ModelId
from vultus.errors import VultusError

T = TypeVar("T")
MEBIBYTE = 1024 * 1024


class Client:
    """A server: its galleries, and its answers to what needs none. Safe between threads.

    Every method raises the error that the server answers with, and `RemoteError` when it does not
    answer, or not in a way that is understood. An image is a path or the bytes of a file; a file is
    read while it is sent.
    """

    def __init__(
        self,
        server: str,
        *,
        key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = 4,
        max_image_bytes: int = 30 * MEBIBYTE,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            server: its address, such as `https://faces.example.org`.
            key: where it asks for one.
            timeout_s: longest wait for an answer, and for each part of it.
            retries: so many times a request is sent again when the server is overloaded or the
                connection breaks. A write is carried out once all the same.
            max_image_bytes: photos of more are refused before they are read.
            transport: what carries the requests, in place of the network.

        Raises:
            InvalidValue: the address or the key cannot be one.
        """
        self._connection = Connection(
            server, key=key, timeout_s=timeout_s, retries=retries, transport=transport
        )
        self.galleries = ServerGalleries(self._connection, max_image_bytes)
        self.administration = ServerAdministration(self._connection)

    @property
    def model(self) -> ModelId:
        """What makes the templates of `faces`: the server's own pack."""
        return self._own_pack(reading.model)

    @property
    def dim(self) -> int:
        """How many numbers such a template has."""
        return self._own_pack(lambda each: int(each["dim"]))

    def detect(self, image: ImageFile, *, face_only: bool = False) -> list[AssessedFace]:
        """Find the faces of an image: boxes, landmarks and quality.

        With `face_only` the whole image is taken as one face, and none is looked for.
        """
        return self._faces("/v1/detect", image, face_only, reading.detected_face)

    def faces(self, image: ImageFile, *, face_only: bool = False) -> list[Face]:
        """Find the faces of an image with their templates; arguments as for `detect`."""
        return self._faces("/v1/embed", image, face_only, reading.embedded_face)

    def verify(
        self, first: ImageFile, second: ImageFile, *, face_only: bool = False
    ) -> Verification:
        """Say whether two images show one person, by the main face of each.

        Raises:
            NoFace: one of the images shows none; `image` of the error says which.
            ImageRefused: an image cannot be read; `image` of the error says which.
        """
        call = Call("POST", "/v1/verify", query=flags(face_only=face_only), images=(first, second))
        try:
            answer = self._connection.ask(call)
        except VultusError as error:
            # The server knows no paths.
            sent = {"first": first, "second": second}
            if error.image in sent:
                error.about(path_of(sent[error.image]))
            raise
        with understood(self._connection.server):
            return reading.verification(answer)

    def close(self) -> None:
        """Give back connections; neither this nor its galleries can be used afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _own_pack(self, read: Callable[[Json], T]) -> T:
        answer = self._connection.ask(Call("GET", "/v1/models"))
        with understood(self._connection.server):
            return next(read(each) for each in answer["items"] if each["default"])

    def _faces(
        self, path: str, image: ImageFile, face_only: bool, read: Callable[[Json], T]
    ) -> list[T]:
        call = Call("POST", path, query=flags(face_only=face_only), images=(image,))
        answer = self._connection.ask(call)
        with understood(self._connection.server):
            return reading.faces_of(answer, read)
