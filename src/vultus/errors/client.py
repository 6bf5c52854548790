"""Work on a server that could not be done."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class RemoteError(VultusError):
    """Work on a server could not be done, for a reason that is not the work's."""

    code = "remote_error"


@dataclass(eq=False)
class ServerUnreachable(RemoteError):
    """Nobody answers at the address, or the connection breaks again and again."""

    code = "server_unreachable"
    sentence = (
        "No server answers at {server}: {problem}. Check the address, and whether it runs; "
        "vultus serve starts one."
    )
    server: str
    problem: str


@dataclass(eq=False)
class ServerTimeout(RemoteError):
    """The server took the request, and no answer came in time."""

    code = "server_timeout"
    sentence = (
        "The server at {server} gave no answer within {timeout_s:g} s. It may still do what was "
        "asked: look before you ask again, or raise client.timeout_s."
    )
    server: str
    timeout_s: float


@dataclass(eq=False)
class ServerError(RemoteError):
    """The server answered with an error that this Vultus does not know.

    `error` is the code that it gave, and `request_id` what its log calls the request; empty where
    it gave none.
    """

    code = "server_error"
    sentence = "The server at {server} answered{request} with status {status}: {problem}."
    server: str
    status: int
    error: str
    problem: str
    request_id: str

    def __str__(self) -> str:
        request = f" the request {self.request_id}" if self.request_id else ""
        problem = self.problem.removesuffix(".")
        return self.sentence.format(**self.facts | {"problem": problem, "request": request})


@dataclass(eq=False)
class AnswerInvalid(RemoteError):
    """The server answered, but not as this Vultus understands."""

    code = "answer_invalid"
    sentence = (
        "The server at {server} gave an answer that is not understood: {problem}. "
        "Check the address, and that server and client are of one version."
    )
    server: str
    problem: str
