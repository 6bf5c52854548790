import hashlib
import io
import logging
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
import trustme

from packages import index_page, pip_config, sdist, wheel, write_index
from serving import Served, Site, server_context, serving
from vultus.errors import DigestMismatch, SourceInvalid, SourceUnavailable
from vultus.models.packs.sources.port import Wanted, silent
from vultus.models.packs.sources.pypi import PypiSource
from vultus.models.packs.sources.pypi_address import PypiAddress

CONTENT = np.random.default_rng(2).bytes(300_000)
WHEEL = "weights-1.0-py3-none-any.whl"
IN_WHEEL = "pypi:weights==1.0/wheel#weights/a.bin"
SDIST = "weights-1.0.tar.gz"
IN_SDIST = "pypi:weights==1.0/sdist#weights-1.0/a.bin"
AT_ONCE = (0, 0)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "a"


def wanted(source: str, content: bytes = CONTENT) -> Wanted:
    return Wanted(source, hashlib.sha256(content).hexdigest(), len(content))


def source_of(*indexes: str, **options) -> PypiSource:
    return PypiSource(lambda: pip_config(*indexes, **options), AT_ONCE)


def put_wheel(site: Site, archive: bytes, *, hashes: bool = True) -> tuple[str, Served]:
    """Serve an index with one wheel; gives the index's URL and the wheel's page."""
    page = index_page({WHEEL: archive}, hashes=hashes)
    site.put("/simple/weights/", Served(page, kind="text/html"))
    served = Served(archive)
    site.put(f"/simple/weights/{WHEEL}", served)
    return f"{site.url}/simple", served


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (IN_WHEEL, ("weights", "1.0", "wheel", "weights/a.bin")),
        ("pypi:My_Weights==2.0.post1/sdist#x#y", ("my-weights", "2.0.post1", "sdist", "x#y")),
    ],
)
def test_an_address_names_one_file_of_one_archive(source, address):
    parsed = PypiAddress.parse(source)
    assert (parsed.name, str(parsed.version), parsed.kind, parsed.member) == address


@pytest.mark.parametrize(
    "source",
    [
        "pypi:weights",
        "pypi:weights/wheel#a",
        "pypi:weights==1.0#a",
        "pypi:weights==1.0/egg#a",
        "pypi:weights==1.0/wheel#",
        "pypi:weights>=1.0/wheel#a",
        "pypi:weights==1.*/wheel#a",
        "pypi:weights==newest/wheel#a",
        "pypi:../weights==1.0/wheel#a",
    ],
)
def test_another_form_of_address_is_refused(source):
    with pytest.raises(SourceInvalid):
        PypiAddress.parse(source)


def test_a_source_distribution_is_neither_built_nor_run(tmp_path, target):
    index = write_index(
        tmp_path / "index", "weights", {SDIST: sdist({"weights-1.0/a.bin": CONTENT})}
    )
    source_of(index).fetch(wanted(IN_SDIST), target, silent)
    assert target.read_bytes() == CONTENT


def test_two_files_of_one_archive_are_one_download(target):
    other = CONTENT[::-1]
    with serving() as site:
        index, archive = put_wheel(site, wheel({"weights/a.bin": CONTENT, "weights/b.bin": other}))
        source_of(index).fetch(wanted(IN_WHEEL), target, silent)
        beside = target.with_name("b")
        source_of(index).fetch(wanted(IN_WHEEL.replace("a.bin", "b.bin"), other), beside, silent)
    assert (target.read_bytes(), beside.read_bytes()) == (CONTENT, other)
    assert len(archive.asked) == 1


def test_an_archive_is_taken_up_where_its_connection_broke(target):
    with serving() as site:
        index, archive = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        archive.breaks = [100_000]
        source_of(index).fetch(wanted(IN_WHEEL), target, silent)
    assert target.read_bytes() == CONTENT
    assert [asked is None for asked in archive.asked] == [True, False]


def test_an_index_page_whose_connection_breaks_is_asked_again(target):
    with serving() as site:
        index, _ = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        site.pages["/simple/weights/"].breaks = [10]
        source_of(index).fetch(wanted(IN_WHEEL), target, silent)
    assert target.read_bytes() == CONTENT


def test_places_that_lack_the_package_are_passed_over_quietly(tmp_path, target, capfd):
    index = write_index(tmp_path / "index", "weights", {WHEEL: wheel({"weights/a.bin": CONTENT})})
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        with serving() as site:
            empty, absent = (tmp_path / "empty").as_uri(), (tmp_path / "absent").as_uri()
            (tmp_path / "empty").mkdir()
            source = source_of(empty, absent, site.url, "http://127.0.0.1:9/simple", index)
            source.fetch(wanted(IN_WHEEL), target, silent)
    finally:
        root.handlers = handlers
    assert target.read_bytes() == CONTENT
    assert capfd.readouterr() == ("", "")


def test_a_directory_of_archives_will_do(tmp_path, target):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / WHEEL).write_bytes(wheel({"weights/a.bin": CONTENT}))
    source_of(find_links=((tmp_path / "wheels").as_uri(),)).fetch(wanted(IN_WHEEL), target, silent)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "name",
    ["weights-1.0.1-py3-none-any.whl", "weights-1.0+cpu-py3-none-any.whl", SDIST],
    ids=["later version", "local version", "other kind"],
)
def test_another_archive_of_the_package_will_not_do(tmp_path, target, name):
    index = write_index(tmp_path / "index", "weights", {name: wheel({"weights/a.bin": CONTENT})})
    with pytest.raises(SourceUnavailable, match="lacks it"):
        source_of(index).fetch(wanted(IN_WHEEL), target, silent)


def test_a_wheel_for_another_machine_will_do(tmp_path, target):
    name = "weights-1.0-cp27-cp27m-win32.whl"
    index = write_index(tmp_path / "index", "weights", {name: wheel({"weights/a.bin": CONTENT})})
    source_of(index).fetch(wanted(IN_WHEEL), target, silent)
    assert target.read_bytes() == CONTENT


def test_an_archive_with_another_digest_than_the_index_says_is_refused(target):
    with serving() as site:
        index, archive = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        archive.content = wheel({"weights/a.bin": CONTENT, "more": b""})
        with pytest.raises(DigestMismatch):
            source_of(index).fetch(wanted(IN_WHEEL), target, silent)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "archive", "source"),
    [
        (WHEEL, wheel({"weights/b.bin": CONTENT}), IN_WHEEL),
        (SDIST, sdist({"weights-1.0/b.bin": CONTENT}), IN_SDIST),
        (WHEEL, wheel({"weights/a.bin": CONTENT})[:-1000], IN_WHEEL),
        (SDIST, sdist({"weights-1.0/a.bin": CONTENT})[:-1000], IN_SDIST),
        (SDIST, b"\x1f\x8b no gzip", IN_SDIST),
    ],
    ids=["wheel without it", "sdist without it", "cut wheel", "cut sdist", "no archive"],
)
def test_an_archive_without_the_file_is_not_kept(tmp_path, target, name, archive, source):
    index = write_index(tmp_path / "index", "weights", {name: archive})
    with pytest.raises(SourceUnavailable, match="its archive"):
        source_of(index).fetch(wanted(source), target, silent)
    assert not target.exists()
    assert [file for file in target.parent.iterdir() if file.suffix != ".part"] == []


def test_a_link_in_an_archive_is_not_followed(tmp_path, target):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        link = tarfile.TarInfo("weights-1.0/a.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    index = write_index(tmp_path / "index", "weights", {SDIST: packed.getvalue()})
    with pytest.raises(SourceUnavailable, match="has no file"):
        source_of(index).fetch(wanted(IN_SDIST), target, silent)


@pytest.mark.parametrize(("name", "source"), [(WHEEL, IN_WHEEL), (SDIST, IN_SDIST)])
def test_a_file_that_unpacks_to_far_more_than_promised_is_not_unpacked(
    tmp_path, target, name, source
):
    pack = wheel if name == WHEEL else sdist
    member = source.partition("#")[2]
    index = write_index(tmp_path / "index", "weights", {name: pack({member: bytes(50_000_000)})})
    told = []
    with pytest.raises(DigestMismatch):
        source_of(index).fetch(wanted(source), target, lambda *step: told.append(step))
    assert max(done for what, done, _ in told if what == target.name) < 5_000_000


def test_credentials_of_an_index_are_used_and_not_told(target):
    with serving() as site:
        index, archive = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        private = index.replace("http://", "http://ada:secret@")
        source_of(private).fetch(wanted(IN_WHEEL), target, silent)
        assert archive.credentials == ["Basic YWRhOnNlY3JldA=="]
        site.pages.clear()
        target.unlink()
        target.with_name("weights-1.0.wheel").unlink()
        with pytest.raises(SourceUnavailable) as caught:
            source_of(private).fetch(wanted(IN_WHEEL), target, silent)
    assert "secret" not in str(caught.value)


def test_credentials_are_found_in_netrc(tmp_path, target, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving() as site:
        index, archive = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        source_of(index).fetch(wanted(IN_WHEEL), target, silent)
    assert archive.credentials == ["Basic YWRhOnNlY3JldA=="]


def test_a_closed_index_does_not_wait_for_somebody_to_type(target):
    with serving() as site:
        index, _ = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        site.pages["/simple/weights/"].statuses = [401]
        with pytest.raises(SourceUnavailable):
            source_of(index).fetch(wanted(IN_WHEEL), target, silent)


@pytest.mark.parametrize("way", ["cert", "trusted host"])
def test_an_index_with_a_certificate_of_its_own_is_reached(tmp_path, target, way):
    trust = trustme.CA()
    trust.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(server_context(trust)) as site:
        index, _ = put_wheel(site, wheel({"weights/a.bin": CONTENT}))
        host = index.removeprefix("https://").removesuffix("/simple")
        trusting = (
            {"cert": str(tmp_path / "ca.pem")} if way == "cert" else {"trusted_hosts": (host,)}
        )
        source_of(index, **trusting).fetch(wanted(IN_WHEEL), target, silent)
        assert target.read_bytes() == CONTENT
        with pytest.raises(SourceUnavailable, match="certificate"):
            source_of(index).fetch(wanted(IN_WHEEL), target.with_name("c") / "a", silent)


def test_a_proxy_is_used_for_trusted_hosts_too(target):
    with serving() as proxy:
        answered = proxy.put("http://pypi.example/simple/weights/", Served(b"", kind="text/html"))
        source = source_of(
            "http://pypi.example/simple", trusted_hosts=("pypi.example",), proxy=proxy.url
        )
        with pytest.raises(SourceUnavailable):
            source.fetch(wanted(IN_WHEEL), target, silent)
        assert len(proxy.pages[answered.removeprefix(proxy.url)].asked) == 1


def test_pip_set_to_no_index_and_no_links_is_said(target):
    with pytest.raises(SourceUnavailable, match="no index"):
        source_of().fetch(wanted(IN_WHEEL), target, silent)


def test_the_users_own_pip_says_where(tmp_path, target, monkeypatch):
    index = write_index(tmp_path / "index", "weights", {WHEEL: wheel({"weights/a.bin": CONTENT})})
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", index)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    PypiSource().fetch(wanted(IN_WHEEL), target, silent)
    assert target.read_bytes() == CONTENT


def test_certificates_that_cannot_be_read_are_said(target):
    with pytest.raises(SourceUnavailable, match="certificates"):
        source_of("https://127.0.0.1:9/simple", cert="/no/such/ca.pem").fetch(
            wanted(IN_WHEEL), target, silent
        )
