"""The grammar of `pypi:` addresses."""

import re
from dataclasses import dataclass
from typing import Literal, Self, cast

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from vultus.errors import SourceInvalid

GRAMMAR = re.compile(r"pypi:([A-Za-z0-9._-]+)==([A-Za-z0-9._+!-]+)/(wheel|sdist)#(.+)")


@dataclass(frozen=True, slots=True)
class PypiAddress:
    """`pypi:NAME==VERSION/wheel#MEMBER` or `…/sdist#MEMBER`, MEMBER a path in the archive."""

    name: str
    version: Version
    kind: Literal["wheel", "sdist"]
    member: str

    @classmethod
    def parse(cls, source: str) -> Self:
        """Read an address.

        Raises:
            SourceInvalid: it does not follow the grammar.
        """
        match = GRAMMAR.fullmatch(source)
        if match is None:
            raise SourceInvalid(source, "write pypi:NAME==VERSION/wheel#PATH or …/sdist#PATH")
        name, version, kind, member = match.groups()
        try:
            exact = Version(version)
        except InvalidVersion as error:
            raise SourceInvalid(source, str(error)) from error
        return cls(canonicalize_name(name), exact, cast(Literal["wheel", "sdist"], kind), member)

    @property
    def archive(self) -> str:
        """A file name for the archive, before anybody was asked how it is packed."""
        return f"{self.name}-{self.version}.{self.kind}"
