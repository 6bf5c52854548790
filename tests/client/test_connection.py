import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripted_server import Answer, Cut, Script, Silence, scripted_server
from vultus.client import connection as connection_module
from vultus.client.connection import Call, Connection
from vultus.errors import (
    AnswerInvalid,
    GalleryNotFound,
    ImageNotFound,
    InvalidValue,
    Overloaded,
    RequestInProgress,
    ServerError,
    ServerTimeout,
    ServerUnreachable,
    TookTooLong,
)

BUSY = Answer(
    503,
    {"code": "overloaded", "detail": "Later.", "retry_after_s": 2},
    {"retry-after": "2", "content-type": "application/problem+json"},
)
READ = Call("GET", "/v1/galleries")
WRITE = Call("POST", "/v1/galleries", said={"name": "staff"})
Connected = tuple[Connection, Script, list[float]]


@contextmanager
def connected(*steps: Answer | Cut | Silence, **options: object) -> Iterator[Connected]:
    """A connection to a server that does these steps, and the waits that it makes."""
    waits: list[float] = []
    with scripted_server(*steps) as script:
        connection = Connection(script.url, sleep=waits.append, **options)
        yield connection, script, waits
        connection.close()


def test_a_request_is_sent_again_when_an_overloaded_server_said() -> None:
    with connected(BUSY, BUSY, Answer(body={"name": "staff"})) as (connection, script, waits):
        assert connection.ask(READ) == {"name": "staff"}
    assert waits == [2, 2]
    assert len(script.asked) == 3


def test_without_a_word_of_when_the_waits_grow_and_differ() -> None:
    steps = [Answer(503)] * 3
    with connected(*steps, Answer(body={"name": "staff"})) as (connection, _, waits):
        connection.ask(READ)
    first, second, third = waits
    assert 0 < first <= 0.25 < 0.5 <= third <= 1
    assert first < second


def test_what_may_take_minutes_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "LONG_S", 0.3)
    call = Call("POST", "/v1/galleries:purge", long=True)
    with connected(Silence(), timeout_s=0.05) as (connection, script, _):
        with pytest.raises(ServerTimeout, match=r"0\.3"):
            connection.ask(call)
        assert len(script.asked) == 1


LATE = Answer(
    503, {"code": "took_too_long", "detail": "Late.", "limit_s": 60.0}, {"retry-after": "1"}
)


def test_what_took_the_server_too_long_is_not_asked_of_it_again() -> None:
    with connected(LATE) as (connection, script, _):
        with pytest.raises(TookTooLong):
            connection.ask(READ)
        assert len(script.asked) == 1


def test_a_write_that_took_too_long_finds_its_end_when_it_comes_again() -> None:
    with connected(LATE, Answer(body={"name": "staff"})) as (connection, script, waits):
        assert connection.write(WRITE) == {"name": "staff"}
        keys = [each.headers["idempotency-key"] for each in script.asked]
    assert waits == [1]
    assert keys[0] == keys[1]


def test_what_would_be_done_twice_is_not_sent_again_once_it_may_have_arrived() -> None:
    call = Call("POST", "/v1/keys", said={}, repeatable=False)
    with connected(Cut()) as (connection, script, _):
        with pytest.raises(ServerUnreachable):
            connection.ask(call)
        assert len(script.asked) == 1
    with connected(BUSY, Answer(body={"id": "1"})) as (connection, script, _):
        assert connection.ask(call) == {"id": "1"}


def test_who_stays_overloaded_is_given_up_with_its_own_error() -> None:
    with connected(*[BUSY] * 9, retries=2) as (connection, script, waits):
        with pytest.raises(Overloaded, match="Try again in 2 s"):
            connection.ask(READ)
        assert len(script.asked) == 3
    assert waits == [2, 2]


def test_nobody_waits_an_hour() -> None:
    later = Answer(503, BUSY.body, {"retry-after": "3600"})
    with connected(later) as (connection, _, waits), pytest.raises(Overloaded):
        connection.ask(READ)
    assert waits == []


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_request_is_sent_again_when_the_connection_was_cut(call: Call) -> None:
    with connected(Cut(), Answer(body={"name": "staff"})) as (connection, script, waits):
        ask: Callable[[Call], object] = connection.write if call is WRITE else connection.ask
        assert ask(call) == {"name": "staff"}
    assert len(script.asked) == 2
    assert len(waits) == 1


def test_a_connection_that_is_always_cut_is_told() -> None:
    with connected(*[Cut()] * 3, retries=2) as (connection, script, _):
        with pytest.raises(ServerUnreachable, match="disconnected"):
            connection.ask(READ)
        assert len(script.asked) == 3


def test_every_try_of_a_write_carries_one_key_and_the_next_write_another() -> None:
    with connected(Cut(), BUSY, Answer(body={"id": "1"})) as (connection, script, _):
        connection.write(WRITE)
        with pytest.raises(AnswerInvalid):
            connection.write(WRITE)
    keys = [asked.headers["idempotency-key"] for asked in script.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert all(asked.json == {"name": "staff"} for asked in script.asked)


def test_a_write_that_is_still_being_carried_out_is_waited_for() -> None:
    running = Answer(409, {"code": "request_in_progress", "detail": "…"}, {"retry-after": "1"})
    with connected(running, Answer(body={"id": "1"})) as (connection, _, waits):
        assert connection.write(WRITE) == {"id": "1"}
    assert waits == [1]


def test_a_write_that_never_ends_is_waited_for_no_longer_than_for_an_answer() -> None:
    problem = {"code": "request_in_progress", "detail": "…", "retry_after_s": 2}
    running = [Answer(409, problem, {"retry-after": "2"})] * 30
    with (
        connected(*running, timeout_s=10, retries=1) as (connection, script, waits),
        pytest.raises(RequestInProgress),
    ):
        connection.write(WRITE)
    assert waits == [2] * 5
    assert len(script.asked) == 6


def test_what_only_reads_carries_no_key_of_a_write() -> None:
    with connected(Answer(body={"name": "staff"})) as (connection, script, _):
        connection.ask(READ)
    assert "idempotency-key" not in script.asked[0].headers


def test_photos_are_sent_as_they_are_each_time_and_without_their_names(tmp_path: Path) -> None:
    photo = tmp_path / "Ada Lovelace.jpg"
    photo.write_bytes(b"\xff\xd8" + bytes(range(256)) * 1_000)
    call = Call("POST", "/v1/detect", images=(photo, b"other"))
    with connected(Cut(), Answer(body={"images": 2})) as (connection, script, _):
        connection.ask(call)
    first, second = script.asked
    for asked in (first, second):
        assert photo.read_bytes() in asked.body
        assert b"other" in asked.body
        assert b"Ada" not in asked.body
        assert asked.body.count(b'; name="image"') == 2
        assert int(asked.headers["content-length"]) == len(asked.body)


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    import tracemalloc

    photo = tmp_path / "large.jpg"
    with photo.open("wb") as file:
        file.truncate(32 * 2**20)
    call = Call("POST", "/v1/detect", images=(photo,))
    with _Discarding() as server:
        connection = Connection(server.url, retries=0)
        tracemalloc.start()
        assert connection.ask(call) == {"bytes": 1}
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        connection.close()
    assert server.received_bytes > 32 * 2**20
    assert peak_bytes < 4 * 2**20


def test_a_photo_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with connected() as (connection, script, _):
        for image in (tmp_path / "nobody.jpg", tmp_path, "face\0.jpg"):
            with pytest.raises(ImageNotFound):
                connection.ask(Call("POST", "/v1/detect", images=(image,)))
        assert script.asked == []


def test_the_key_goes_to_the_address_given_and_not_where_that_sends_us() -> None:
    with scripted_server(Answer(body={"name": "thief"})) as elsewhere:
        moved = Answer(307, b"", {"location": f"{elsewhere.url}/v1/galleries"})
        with connected(moved, key="secret") as (connection, script, _):
            with pytest.raises(ServerError, match="status 307"):
                connection.ask(READ)
            assert script.asked[0].headers["authorization"] == "Bearer secret"
        assert elsewhere.asked == []


def test_the_errors_of_a_server_are_ours() -> None:
    problem = {"code": "gallery_not_found", "gallery": "staff", "detail": "…", "status": 404}
    with (
        connected(Answer(404, problem)) as (connection, _, _),
        pytest.raises(GalleryNotFound) as raised,
    ):
        connection.ask(READ)
    assert raised.value.facts == {"gallery": "staff"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(418, {"code": "teapot", "detail": "Short and stout."}), "status 418: Short and"),
        (Answer(500, {"code": "store_full", "detail": "No.", "request_id": "r7"}), "request r7"),
        (Answer(400, b"<html>proxy</html>"), "status 400: Bad Request"),
        (Answer(404, [1, 2]), "status 404: Not Found"),
        (Answer(799, {}), "status 799: an error"),
    ],
)
def test_any_other_error_is_the_servers(answer: Answer, said: str) -> None:
    with connected(answer) as (connection, _, _), pytest.raises(ServerError, match=said):
        connection.ask(READ)


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"", [1, 2], b"{"])
def test_an_answer_that_is_no_object_is_not_understood(body: object) -> None:
    with connected(Answer(body=body)) as (connection, _, _), pytest.raises(AnswerInvalid):
        connection.ask(READ)


def test_a_server_that_is_silent_is_left_after_the_time_given_and_not_asked_again() -> None:
    with connected(Silence(), timeout_s=0.2) as (connection, script, _):
        with pytest.raises(ServerTimeout, match=r"0\.2 s"):
            connection.write(WRITE)
        assert len(script.asked) == 1


def test_an_address_where_nobody_listens_is_unreachable() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
    connection = Connection(url, retries=1, sleep=lambda _: None)
    with pytest.raises(ServerUnreachable, match=url):
        connection.ask(READ)
    connection.close()


@pytest.mark.parametrize(
    "server", ["", "localhost", "localhost:8000", "ftp://host", "http://", "http://a:b@host", "::"]
)
def test_what_is_no_address_is_refused(server: str) -> None:
    with pytest.raises(InvalidValue, match="server"):
        Connection(server)


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel"])
def test_what_is_no_key_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        Connection("http://localhost", key=key)
    assert key not in str(raised.value)


class _Discarding:
    """A server for one request, which counts its bytes and keeps none."""

    def __init__(self) -> None:
        from threading import Thread

        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.received_bytes = 0
        self._thread = Thread(target=self._serve)

    def _serve(self) -> None:
        taken, _ = self._socket.accept()
        with taken:
            buffer = bytearray(2**16)
            tail = b""
            while not tail.endswith(b"--\r\n"):
                size = taken.recv_into(buffer)
                self.received_bytes += size
                tail = (tail + bytes(buffer[max(size - 8, 0) : size]))[-8:]
            taken.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"bytes":1}')

    def __enter__(self) -> "_Discarding":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(30)
        self._socket.close()
