"""Finds archives where the user's pip would find them."""

import logging
import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast
from urllib.request import getproxies, proxy_bypass

import httpx2
from packaging.version import Version
from unearth import Link, PackageFinder
from unearth.auth import MultiDomainBasicAuth
from unearth.fetchers import Fetcher, PyPIClient

from vultus.errors import SourceUnavailable
from vultus.models.packs.sources.pip_config import PipConfig
from vultus.models.packs.sources.pypi_address import PypiAddress

QUIET = logging.NullHandler()


def open_client(config: PipConfig) -> PyPIClient:
    """An HTTP client that reaches places as pip would; close it after use.

    Raises:
        SourceUnavailable: certificates that pip is configured for cannot be read.
    """
    # An index without the package is no news; a null handler keeps that off the terminal.
    logging.getLogger("unearth").addHandler(QUIET)
    return PyPIClient(
        verify=_tls(config),
        proxy=config.proxy,
        timeout=config.timeout_s,
        follow_redirects=True,
        auth=MultiDomainBasicAuth(prompting=False, index_urls=config.indexes),
        trusted_hosts=config.trusted_hosts,
        mounts={f"all://{host}": _trusting(config, host) for host in config.trusted_hosts},
    )


def find_archive(
    address: PypiAddress, config: PipConfig, client: PyPIClient, pauses_s: Sequence[float]
) -> Link:
    """Ask each place that pip knows, in turn, for the archive of an address.

    Raises:
        SourceUnavailable: none has it.
    """
    problems = []
    for url, finder in _finders(address, config, client):
        place = Link(url).redacted
        try:
            link = _ask(finder, address, pauses_s)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            problems.append(f"{place}: {error or type(error).__name__}")
            continue
        if link is not None:
            return link
        problems.append(f"{place} lacks it")
    wanted = f"the {address.kind} of {address.name} {address.version}"
    raise SourceUnavailable(wanted, "; ".join(problems) or "pip is set to ask no index")


def _ask(finder: PackageFinder, address: PypiAddress, pauses_s: Sequence[float]) -> Link | None:
    for pause_s in pauses_s:
        try:
            return _exact(finder, address)
        except httpx2.TransportError:
            time.sleep(pause_s)
    return _exact(finder, address)


def _exact(finder: PackageFinder, address: PypiAddress) -> Link | None:
    for package in finder.find_all_packages(address.name, allow_yanked=True):
        if package.version is not None and Version(package.version) == address.version:
            return package.link
    return None


def _finders(
    address: PypiAddress, config: PipConfig, client: PyPIClient
) -> Iterator[tuple[str, PackageFinder]]:
    """A finder for each place, with the place's URL."""
    for url in config.find_links:
        yield url, _finder(address, client, find_links=[url])
    for url in config.indexes:
        yield url, _finder(address, client, index_urls=[url])


def _finder(
    address: PypiAddress,
    client: PyPIClient,
    index_urls: Sequence[str] = (),
    find_links: Sequence[str] = (),
) -> PackageFinder:
    return PackageFinder(
        cast(Fetcher, client),
        index_urls=index_urls,
        find_links=find_links,
        # The package will not run here: that it is not for this Python or machine is no matter.
        ignore_compatibility=True,
        only_binary=[address.name] if address.kind == "wheel" else [],
        no_binary=[address.name] if address.kind == "sdist" else [],
    )


def _tls(config: PipConfig) -> ssl.SSLContext:
    try:
        return _context(config)
    except OSError as error:
        raise SourceUnavailable("the certificates that pip uses", str(error)) from error


def _context(config: PipConfig) -> ssl.SSLContext:
    if config.cert is None:
        context = httpx2.create_ssl_context()
    elif Path(config.cert).is_dir():
        context = ssl.create_default_context(capath=config.cert)
    else:
        context = ssl.create_default_context(cafile=config.cert)
    if config.client_cert is not None:
        context.load_cert_chain(config.client_cert)
    return context


def _trusting(config: PipConfig, host: str) -> httpx2.HTTPTransport:
    """The way to a trusted host: without a look at its certificate, but by the same proxy."""
    proxy = config.proxy
    if proxy is None and not proxy_bypass(host):
        proxy = getproxies().get("https")
    return httpx2.HTTPTransport(verify=False, proxy=proxy)
