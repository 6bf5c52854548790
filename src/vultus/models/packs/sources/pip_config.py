"""Where the user's own pip takes packages from."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PYPI = "https://pypi.org/simple"
DEFAULT_TIMEOUT_S = 15.0
SECTIONS = ("global", "install", "download", ":env:")
"""Sections of pip's configuration, the later ones overriding the earlier."""
LINE = re.compile(rf"({'|'.join(SECTIONS)})\.([a-z-]+)=(.*)")
TRUE = frozenset({"1", "y", "yes", "t", "true", "on"})


@dataclass(frozen=True, slots=True)
class PipConfig:
    """What pip would use.

    `indexes` are URLs of simple indexes (PEP 503), `find_links` URLs of pages or directories that
    list archives, `cert` a file or directory of trusted certificates, `client_cert` a PEM file.
    """

    indexes: tuple[str, ...]
    find_links: tuple[str, ...]
    trusted_hosts: tuple[str, ...]
    cert: str | None
    client_cert: str | None
    proxy: str | None
    timeout_s: float


def read_pip_config(environ: Mapping[str, str] = os.environ) -> PipConfig:
    """Read pip's configuration: its files and `PIP_*`, or `PIP_*` alone where there is no pip."""
    options = _from_pip()
    if options is None:
        options = _from_environment(environ)
    certificates = (environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return PipConfig(
        indexes=() if options.get("no-index", "").lower() in TRUE else _indexes(options),
        find_links=_places(options.get("find-links", "")),
        trusted_hosts=tuple(options.get("trusted-host", "").split()),
        cert=options.get("cert") or next(filter(None, certificates), None),
        client_cert=options.get("client-cert") or None,
        proxy=options.get("proxy") or None,
        timeout_s=float(options.get("timeout") or options.get("default-timeout") or 0)
        or DEFAULT_TIMEOUT_S,
    )


def parse_config_list(text: str) -> dict[str, str]:
    """Read what `pip config list` prints: lines such as `global.index-url='https://…'`."""
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in text.splitlines():
        if match := LINE.fullmatch(line.strip()):
            section, option, value = match.groups()
            found[section][option] = str(ast.literal_eval(value))
    return {option: value for section in SECTIONS for option, value in found[section].items()}


def _from_pip() -> dict[str, str] | None:
    """Ask pip; None where this interpreter has none."""
    # -P: a `pip.py` in the current directory is not pip.
    command = [sys.executable, "-P", "-m", "pip", "config", "list"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return parse_config_list(answer.stdout)


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("PIP_").lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("PIP_")
    }


def _indexes(options: Mapping[str, str]) -> tuple[str, ...]:
    return (
        *_places(options.get("index-url") or PYPI),
        *_places(options.get("extra-index-url", "")),
    )


def _places(value: str) -> tuple[str, ...]:
    """URLs of the words in `value`, in which a path stands for itself if it exists."""
    urls = (word if "://" in word else _url(word) for word in value.split())
    return tuple(url for url in urls if url is not None)


def _url(path: str) -> str | None:
    there = Path(path).expanduser().absolute()
    return there.as_uri() if there.exists() else None
