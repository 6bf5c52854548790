import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import trustme

from serving import Served, Site, client_context, server_context, serving
from vultus.errors import DigestMismatch, SourceInvalid, SourceUnavailable
from vultus.models.packs.sources.https import HttpsSource
from vultus.models.packs.sources.port import Wanted, silent

CONTENT = np.random.default_rng(1).bytes(1_000_000)
AT_ONCE = (0, 0)


@pytest.fixture(scope="module")
def trust() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def site(trust: trustme.CA) -> Iterator[Site]:
    with serving(server_context(trust)) as running:
        yield running


@pytest.fixture
def source(trust: trustme.CA) -> HttpsSource:
    return HttpsSource(client_context(trust), AT_ONCE)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "weights"


def wanted(source: str, content: bytes = CONTENT) -> Wanted:
    return Wanted(source, hashlib.sha256(content).hexdigest(), len(content))


def part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def test_a_cut_connection_is_taken_up_where_it_broke(site, source, target):
    page = Served(CONTENT, breaks=[400_000])
    source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert target.read_bytes() == CONTENT
    assert page.asked[0] is None
    assert 0 < int(page.asked[1].removeprefix("bytes=").removesuffix("-")) <= 400_000


def test_a_connection_may_break_often_as_long_as_bytes_arrive(site, source, target):
    page = Served(CONTENT, breaks=[100_000] * 9)
    source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert target.read_bytes() == CONTENT


def test_after_giving_up_the_next_call_goes_on(site, source, target):
    page = Served(CONTENT, breaks=[400_000, 0, 0, 0])
    promise = wanted(site.put("/weights", page))
    with pytest.raises(SourceUnavailable, match="the connection broke"):
        source.fetch(promise, target, silent)
    here = part(target).stat().st_size
    assert here > 0
    source.fetch(promise, target, silent)
    assert target.read_bytes() == CONTENT
    assert page.asked[-1] == f"bytes={here}-"


@pytest.mark.parametrize(
    "habit",
    [{"ranges": False}, {"first_byte": 5}, {"length": False}],
    ids=["ignores ranges", "gives another range", "tells no length"],
)
def test_a_server_without_proper_ranges_is_resumed_from_the_beginning(site, source, target, habit):
    page = Served(CONTENT, breaks=[400_000], **habit)
    source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert target.read_bytes() == CONTENT


def test_a_server_that_never_stops_is_not_listened_to_for_long(site, source, target):
    page = Served(CONTENT * 20, length=False)
    told = []
    with pytest.raises(DigestMismatch):
        source.fetch(wanted(site.put("/weights", page)), target, lambda *step: told.append(step))
    assert told[-1][1] < len(CONTENT) * 2


def test_a_file_that_changed_between_two_halves_is_fetched_anew(site, source, target):
    part(target).write_bytes(bytes(400_000))
    page = Served(CONTENT)
    source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert page.asked == ["bytes=400000-", None]


def test_a_busy_server_is_asked_again(site, source, target):
    page = Served(CONTENT, statuses=[503, 429])
    source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert target.read_bytes() == CONTENT


def test_a_server_that_stays_busy_is_unavailable(site, source, target):
    page = Served(CONTENT, statuses=[503] * 9)
    with pytest.raises(SourceUnavailable, match="503"):
        source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert len(page.asked) == 1 + len(AT_ONCE)


def test_a_refusal_is_not_asked_about_again(site, source, target):
    page = Served(CONTENT, statuses=[403])
    with pytest.raises(SourceUnavailable, match="403"):
        source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert len(page.asked) == 1


def test_a_redirect_is_followed(site, source, target):
    url = site.put("/moved", Served(moved_to=site.put("/weights", Served(CONTENT))))
    source.fetch(wanted(url), target, silent)
    assert target.read_bytes() == CONTENT


def test_a_redirect_to_plain_http_is_refused(site, source, target):
    with serving() as plain:
        page = Served(CONTENT)
        url = site.put("/moved", Served(moved_to=plain.put("/weights", page)))
        with pytest.raises(SourceUnavailable, match="redirects to http:"):
            source.fetch(wanted(url), target, silent)
    assert page.asked == []


def test_a_redirect_without_end_is_unavailable(site, source, target):
    url = site.url + "/moved"
    site.put("/moved", Served(moved_to=url))
    with pytest.raises(SourceUnavailable, match="redirects"):
        source.fetch(wanted(url), target, silent)


def test_a_server_that_nobody_vouches_for_is_unavailable(site, target):
    page = Served(CONTENT)
    stranger = HttpsSource(client_context(trustme.CA()), AT_ONCE)
    with pytest.raises(SourceUnavailable, match="certificate"):
        stranger.fetch(wanted(site.put("/weights", page)), target, silent)
    assert page.asked == []


def test_plain_http_is_refused(source, target):
    with serving() as plain:
        page = Served(CONTENT)
        with pytest.raises(SourceInvalid):
            source.fetch(wanted(plain.put("/weights", page)), target, silent)
    assert page.asked == []


def test_proxies_of_the_environment_are_used(site, source, target, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    page = Served(CONTENT)
    with pytest.raises(SourceUnavailable):
        source.fetch(wanted(site.put("/weights", page)), target, silent)
    assert page.asked == []
