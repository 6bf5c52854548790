from threading import Event, Thread
from time import monotonic, sleep

import pytest

from painted import square_recognizer
from vultus.errors import ModelsNotReady, ModelUnavailable, PackNotFound
from vultus.usecases.recognizer import Recognizer
from vultus.usecases.serving.models import Models, State


def until(reached: State, models: Models, pack: str) -> None:
    deadline = monotonic() + 5
    while models.state(pack) is not reached:
        assert monotonic() < deadline
        sleep(0.005)


def test_a_pack_is_loaded_once_and_beside_those_who_ask() -> None:
    loads, may_go_on = [], Event()

    def load(pack: str) -> Recognizer:
        loads.append(pack)
        may_go_on.wait(5)
        return square_recognizer()

    models = Models(load)
    assert models.state("a") is State.NOT_LOADED
    for _ in range(3):
        with pytest.raises(ModelsNotReady, match="a is not loaded"):
            models.get("a")
    until(State.LOADING, models, "a")
    may_go_on.set()
    until(State.READY, models, "a")
    assert models.get("a") is models.get("a")
    assert loads == ["a"]


def test_a_pack_that_cannot_be_loaded_is_not_tried_at_every_request() -> None:
    loads = []

    def load(pack: str) -> Recognizer:
        loads.append(pack)
        raise PackNotFound(pack, "dlib")

    models = Models(load)
    models.warm("a")
    assert models.state("a") is State.FAILED
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="a cannot be loaded"):
            models.get("a")
    assert loads == ["a"]


def test_a_pack_that_fails_unexpectedly_has_failed_and_the_log_says_where(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loads = []

    def load(pack: str) -> Recognizer:
        loads.append(pack)
        raise ZeroDivisionError("nobody expects this")

    models = Models(load)
    with pytest.raises((ModelsNotReady, ModelUnavailable)):
        models.get("a")
    until(State.FAILED, models, "a")
    with pytest.raises(ModelUnavailable):
        models.get("a")
    assert loads == ["a"]
    assert "the pack a cannot be loaded" in caplog.text
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError: nobody expects this" in caplog.text


def test_requests_while_a_pack_is_loaded_start_no_further_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started, may_go_on = [], Event()

    class Counted(Thread):
        def start(self) -> None:
            started.append(self.name)
            super().start()

    def load(_: str) -> Recognizer:
        may_go_on.wait(5)
        return square_recognizer()

    monkeypatch.setattr("vultus.usecases.serving.models.Thread", Counted)
    models = Models(load)
    for _ in range(50):
        with pytest.raises(ModelsNotReady):
            models.get("a")
    may_go_on.set()
    until(State.READY, models, "a")
    assert started == ["load-a"]


def test_a_machine_without_a_thread_to_spare_fails_the_pack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class NoMore(Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr("vultus.usecases.serving.models.Thread", NoMore)
    models = Models(lambda _: square_recognizer())
    with pytest.raises(ModelUnavailable):
        models.get("a")
    assert models.state("a") is State.FAILED
