"""Settings in a file, `vultus.toml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vultus.environment import CONFIG, NO_SUCH, Tree, is_known, names_in
from vultus.errors import ConfigUnreadable, SettingInvalid

FILE = Path("vultus.toml")
"""Where settings are looked for when nobody names a file."""


def config_file(environment: Mapping[str, str]) -> Path | None:
    """The file of settings: the one that `VULTUS_CONFIG` names, or `vultus.toml` if it is here."""
    named = environment.get(CONFIG)
    if named:
        return Path(named)
    return FILE if FILE.is_file() else None


def from_file(path: Path, known: Mapping[str, Any]) -> Tree:
    """Read a file of settings; arguments as for `from_environment`.

    Raises:
        ConfigUnreadable: it is not there, or no TOML.
        SettingInvalid: something in it names no setting.
    """
    # Loaded where it is needed: most processes have no such file.
    import tomllib

    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigUnreadable(str(path), str(error).removesuffix(".")) from error
    for name in names_in(tree):
        if not is_known(name.split("."), known):
            raise SettingInvalid(f"{name} in {path}", NO_SUCH)
    return tree
