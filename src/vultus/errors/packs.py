"""Model packs that cannot be used."""

from dataclasses import dataclass

from vultus.errors.base import VultusError


class PackError(VultusError):
    """A model pack cannot be used."""

    code = "pack_error"


@dataclass(eq=False)
class PackNotFound(PackError):
    """No pack of that name; `path` leads to a directory of that name that holds one."""

    code = "pack_not_found"
    sentence = "There is no pack {name!r}. Known packs: {known}."
    name: str
    known: str
    path: str = ""

    def __str__(self) -> str:
        hint = f" For the one in the directory of that name, write {self.path}."
        return self.sentence.format(**self.facts) + (hint if self.path else "")


@dataclass(eq=False)
class NotAPack(PackError):
    """A path that is not the directory of a pack."""

    code = "not_a_pack"
    sentence = (
        "{path} is no pack: {problem}. Give the directory that holds the pack's manifest.json."
    )
    path: str
    problem: str


@dataclass(eq=False)
class PackNotInstalled(PackError):
    """A known pack whose files are not on this machine yet."""

    code = "pack_not_installed"
    sentence = "The pack {name!r} is not on this machine. Run: vultus packs pull {name}"
    name: str


@dataclass(eq=False)
class PackInvalid(PackError):
    """A manifest that breaks the schema; `field` is the path to the fault."""

    code = "pack_invalid"
    sentence = "The manifest {path} is wrong at {field}: {problem}."
    path: str
    field: str
    problem: str


@dataclass(eq=False)
class PackDamaged(PackError):
    """A file of a pack that is missing or not the one the manifest names."""

    code = "pack_damaged"
    sentence = (
        "The file {file} of pack {name!r} {problem}. Install the pack again: "
        "vultus packs pull {name} --again, or remove it and add its directory."
    )
    name: str
    file: str
    problem: str


@dataclass(eq=False)
class PackExists(PackError):
    """A pack of that name is already there."""

    code = "pack_exists"
    sentence = "A pack {name!r} is already installed. Run: vultus packs remove {name}"
    name: str


@dataclass(eq=False)
class LibraryUnwritable(PackError):
    """Packs cannot be kept where they belong."""

    code = "library_unwritable"
    sentence = (
        "Packs cannot be kept in {path}: {problem}. "
        "Make room there, or set VULTUS_HOME to another directory."
    )
    path: str
    problem: str


@dataclass(eq=False)
class ImportFailed(PackError):
    """A foreign model file could not be converted."""

    code = "import_failed"
    sentence = "{file} could not be converted: {problem}."
    file: str
    problem: str


@dataclass(eq=False)
class ProofFailed(PackError):
    """A built network that does not compute what it should."""

    code = "proof_failed"
    sentence = (
        "The network {network} gives other answers than expected: cosine {cosine:.4f}, "
        "at least {least:.4f} is needed. Its file was not installed."
    )
    network: str
    cosine: float
    least: float
