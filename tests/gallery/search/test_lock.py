from threading import Barrier, Event, Thread

from vultus.gallery.search.lock import SharedLock

SOON_S = 5
NOT_YET_S = 0.05


def started(*works) -> list[Thread]:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    return threads


def test_many_read_at_once() -> None:
    lock, together = SharedLock(), Barrier(3, timeout=SOON_S)

    def read() -> None:
        with lock.shared():
            together.wait()

    for thread in started(read, read, read):
        thread.join()
    assert not together.broken


def test_a_writer_is_alone() -> None:
    lock, inside, go_on, wrote = SharedLock(), Event(), Event(), Event()

    def read() -> None:
        with lock.shared():
            inside.set()
            go_on.wait(SOON_S)

    def write() -> None:
        inside.wait(SOON_S)
        with lock.exclusive():
            wrote.set()

    threads = started(read, write)
    inside.wait(SOON_S)
    assert not wrote.wait(NOT_YET_S)
    go_on.set()
    assert wrote.wait(SOON_S)
    for thread in threads:
        thread.join()


def test_a_writer_that_waits_goes_before_readers_that_come_later() -> None:
    lock, order = SharedLock(), []
    inside, go_on = Event(), Event()

    def first() -> None:
        with lock.shared():
            inside.set()
            go_on.wait(SOON_S)

    def write() -> None:
        with lock.exclusive():
            order.append("writer")

    def late() -> None:
        with lock.shared():
            order.append("reader")

    threads = started(first)
    inside.wait(SOON_S)
    threads += started(write)
    while not lock._writers_waiting:
        pass
    threads += started(late)
    assert not order
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == ["writer", "reader"]


def test_an_error_inside_gives_the_lock_back() -> None:
    lock = SharedLock()
    for hold in (lock.shared, lock.exclusive):
        try:
            with hold():
                raise ValueError
        except ValueError:
            pass
    with lock.exclusive():
        pass
