"""Answers of a server: what they say, or the error that they are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import httpx2

from vultus.client.problems import known_error
from vultus.errors import AnswerInvalid, InvalidValue, ServerError, VultusError

MOST_QUOTED = 200
"""So many characters of an error are quoted that came in no form that we know."""


def refuse_errors(server: str, response: httpx2.Response) -> httpx2.Response:
    """Give an answer that is none of an error.

    Raises:
        VultusError: the error that it is.
    """
    if response.is_success:
        return response
    problem = _object(response)
    raise known_error(problem) or unknown_error(server, response.status_code, problem)


def unknown_error(server: str, status: int, problem: Mapping[str, Any]) -> VultusError:
    """The error for a problem that this Vultus does not know."""
    said = problem.get("detail") or problem.get("title") or _name(status)
    return ServerError(
        server=server,
        status=status,
        error=str(problem.get("code", "")),
        problem=str(said)[:MOST_QUOTED],
        request_id=str(problem.get("request_id", "")),
    )


def json_of(server: str, response: httpx2.Response) -> Mapping[str, Any]:
    """The JSON object of an answer; an empty one where nothing was to be said.

    Raises:
        AnswerInvalid: it holds something else.
    """
    if response.status_code == HTTPStatus.NO_CONTENT:
        return {}
    answer = _object(response)
    if not answer:
        kind = response.headers.get("content-type", "nothing")
        raise AnswerInvalid(server, f"a JSON object was expected, and {kind} came")
    return answer


def code_of(response: httpx2.Response) -> str:
    """The code of an answer that is an error; nothing for any other."""
    return "" if response.is_success else str(_object(response).get("code", ""))


@contextmanager
def understood(server: str) -> Iterator[None]:
    """Read an answer; what is missing in it, or cannot be what it should, makes it invalid.

    Raises:
        AnswerInvalid: that is so.
    """
    try:
        yield
    except KeyError as error:
        raise AnswerInvalid(server, f"it lacks {error}") from error
    except (InvalidValue, TypeError, ValueError, AttributeError) as error:
        raise AnswerInvalid(server, str(error).removesuffix(".")) from error


def _object(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "an error"
