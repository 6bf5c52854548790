import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Event, Thread

import pytest
import trustme

from serving import Served, Site, client_context, server_context, serving
from vultus.api.compat.addresses import AllowedHosts, is_public
from vultus.api.compat.fetch import MOST_REDIRECTS, AllowedFetcher
from vultus.errors import AddressRefused, FetchFailed, ImageTooHeavy

LOOPBACK = ip_address("127.0.0.1")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2])


def fetcher(site: Site, *more: str, limit_bytes: int = 1_000, timeout_s: float = 5, **how):
    """Fetches from `photos.example`, which resolves to the test's own server."""
    port = port_of(site)
    allowed = AllowedHosts.of([f"photos.example:{port}", *more])
    how = {"resolve": lambda *_: [LOOPBACK], "is_allowed": lambda _: True, **how}
    return AllowedFetcher(allowed, limit_bytes, timeout_s, **how)


def fetched(fetcher: AllowedFetcher, address: str) -> bytes:
    return asyncio.run(fetcher.fetch(address))


def url(site: Site, path: str = "/face.jpg", host: str = "photos.example") -> str:
    return f"http://{host}:{port_of(site)}{path}"


def test_a_file_of_an_allowed_host_is_fetched(site: Site) -> None:
    site.put("/face.jpg?size=large", Served(b"a photo"))
    assert fetched(fetcher(site), url(site, "/face.jpg?size=large")) == b"a photo"


@pytest.mark.parametrize(
    "address",
    [
        "http://elsewhere.example/face.jpg",
        "http://photos.example/face.jpg",
        "http://photos.example.elsewhere.example/face.jpg",
        "http://photos.example@elsewhere.example/face.jpg",
        "ftp://photos.example/face.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
        "http://[::1/face.jpg",
        "http://",
        "",
    ],
)
def test_any_other_address_is_refused_without_asking_anybody(site: Site, address: str) -> None:
    def nobody(*_: object) -> list:
        raise AssertionError("somebody was asked")

    with pytest.raises(AddressRefused):
        fetched(fetcher(site, resolve=nobody), address)


def test_a_password_in_an_address_is_refused(site: Site) -> None:
    with pytest.raises(AddressRefused, match="user name"):
        fetched(fetcher(site), url(site, host="me:secret@photos.example"))


def test_a_host_without_a_port_is_allowed_at_the_usual_one_alone() -> None:
    allowed = AllowedHosts.of(["Photos.Example"])
    assert allowed.target("https://PHOTOS.example./a").port == 443
    assert allowed.target("http://photos.example:80/a").authority == "photos.example"
    with pytest.raises(AddressRefused):
        allowed.target("http://photos.example:22/a")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused(site: Site, address: str) -> None:
    asked = site.put("/face.jpg", Served(b"a photo"))
    public_and_private = [ip_address("8.8.8.8"), ip_address(address)]
    found = fetcher(site, resolve=lambda *_: public_and_private, is_allowed=is_public)
    with pytest.raises(AddressRefused, match="private"):
        fetched(found, asked.replace("127.0.0.1", "photos.example"))
    assert site.pages["/face.jpg"].asked == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_an_address_out_in_the_open_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


def test_the_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    site.put("/face.jpg", Served(b"a photo"))
    answers = iter([[LOOPBACK], [ip_address("10.0.0.1")]])
    # Were the name looked up again, the second answer would be taken, which leads nowhere.
    assert fetched(fetcher(site, resolve=lambda *_: next(answers)), url(site)) == b"a photo"


def test_the_next_address_is_asked_when_the_first_takes_no_connection(site: Site) -> None:
    site.put("/face.jpg", Served(b"a photo"))
    two = [ip_address("127.0.0.2"), LOOPBACK]
    assert fetched(fetcher(site, resolve=lambda *_: two), url(site)) == b"a photo"


def test_a_name_that_cannot_be_resolved_is_an_error_of_fetching(site: Site) -> None:
    def unknown(*_: object) -> list:
        raise socket.gaierror("unknown")

    with pytest.raises(FetchFailed, match="resolved"):
        fetched(fetcher(site, resolve=unknown), url(site))


def test_a_redirect_to_an_allowed_host_is_followed(site: Site) -> None:
    site.put("/old.jpg", Served(moved_to="/face.jpg"))
    site.put("/face.jpg", Served(b"a photo"))
    assert fetched(fetcher(site), url(site, "/old.jpg")) == b"a photo"


@pytest.mark.parametrize(
    "to", ["http://elsewhere.example/face.jpg", "file:///etc/passwd", "http://[::1"]
)
def test_a_redirect_elsewhere_is_refused(site: Site, to: str) -> None:
    site.put("/old.jpg", Served(moved_to=to))
    with pytest.raises(AddressRefused):
        fetched(fetcher(site), url(site, "/old.jpg"))


def test_a_redirect_into_a_private_network_is_refused(site: Site) -> None:
    site.put("/old.jpg", Served(moved_to="http://inside.example/face.jpg"))
    inside = ip_address("10.0.0.1")
    found = fetcher(
        site,
        "inside.example",
        resolve=lambda host, _: [inside if host == "inside.example" else LOOPBACK],
        is_allowed=lambda address: address != inside,
    )
    with pytest.raises(AddressRefused, match="private"):
        fetched(found, url(site, "/old.jpg"))


def test_a_circle_of_redirects_ends(site: Site) -> None:
    served = Served(moved_to="/face.jpg")
    site.put("/face.jpg", served)
    with pytest.raises(FetchFailed, match="too often"):
        fetched(fetcher(site), url(site))
    assert len(served.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize("length", [True, False])
def test_a_file_that_is_too_large_is_not_read_to_its_end(site: Site, length: bool) -> None:
    site.put("/face.jpg", Served(bytes(10_000_000), length=length))
    with pytest.raises(ImageTooHeavy):
        fetched(fetcher(site, limit_bytes=1_000), url(site))


def test_an_answer_that_is_no_file_is_an_error_of_fetching(site: Site) -> None:
    with pytest.raises(FetchFailed, match="404"):
        fetched(fetcher(site), url(site))


def test_a_connection_that_breaks_is_an_error_of_fetching(site: Site) -> None:
    site.put("/face.jpg", Served(b"a photo", breaks=[3]))
    with pytest.raises(FetchFailed, match="connection"):
        fetched(fetcher(site), url(site))


@contextmanager
def dripping(head: bytes) -> Iterator[Site]:
    """A server that gives a byte at a time after `head`, and never ends."""

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4_096)
            connection.sendall(head)
            try:
                while True:
                    connection.sendall(b".")
                    time.sleep(0.02)
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=drip)
        thread.start()
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_host_that_drips_is_left(head: bytes) -> None:
    with dripping(head) as site:
        began = time.monotonic()
        with pytest.raises(FetchFailed, match="took too long"):
            fetched(fetcher(site, timeout_s=0.3), url(site))
        assert time.monotonic() - began < 3


def test_a_resolver_that_does_not_answer_is_not_waited_for(site: Site) -> None:
    may_end = Event()

    def slowly(*_: object) -> list:
        may_end.wait(10)
        return [LOOPBACK]

    found = fetcher(site, resolve=slowly, timeout_s=0.3)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="took too long"):
        fetched(found, url(site))
    assert time.monotonic() - began < 3
    may_end.set()


def test_a_first_address_that_is_silent_leaves_time_for_the_next(site: Site) -> None:
    site.put("/face.jpg", Served(b"a photo"))
    # Nobody answers there: it is for documentation (RFC 5737).
    two = [ip_address("192.0.2.1"), LOOPBACK]
    assert fetched(fetcher(site, resolve=lambda *_: two, timeout_s=2), url(site)) == b"a photo"


def test_a_certificate_is_checked_against_the_name_not_the_address() -> None:
    trust = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.issue_cert("photos.example").configure_cert(context)
    with serving(context) as site:
        site.put("/face.jpg", Served(b"a photo"))
        found = fetcher(site, verify=client_context(trust))
        assert fetched(found, url(site).replace("http:", "https:")) == b"a photo"


def test_a_certificate_of_another_name_is_refused() -> None:
    trust = trustme.CA()
    with serving(server_context(trust)) as site:
        site.put("/face.jpg", Served(b"a photo"))
        found = fetcher(site, verify=client_context(trust))
        with pytest.raises(FetchFailed, match="connection"):
            fetched(found, url(site).replace("http:", "https:"))
