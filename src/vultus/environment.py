"""Settings as environment variables name them.

Done by hand: pydantic-settings would cost every process 17 MiB and 80 ms for these few lines.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from vultus.errors import SettingInvalid

PREFIX, SEPARATOR = "VULTUS_", "__"
FOR_TESTS = "VULTUS_TEST_"
CONFIG = "VULTUS_CONFIG"
"""Names a file of settings, and is none itself."""

NO_SUCH = "there is no such setting; see docs/settings.md"

Tree = dict[str, Any]
"""Values by name, groups of settings as trees of their own."""


def from_environment(environment: Mapping[str, str], known: Mapping[str, Any]) -> Tree:
    """Read `VULTUS_NAME` and `VULTUS_GROUP__NAME`; an empty value counts as not set.

    Args:
        environment: variables by name.
        known: names of settings; those of groups lead to the names in them.

    Raises:
        SettingInvalid: a variable names no setting.
    """
    tree: Tree = {}
    for variable, value in environment.items():
        if value and _is_meant(variable):
            group, _, name = variable.removeprefix(PREFIX).lower().partition(SEPARATOR)
            path = [group, name] if name else [group]
            if not is_known(path, known):
                raise SettingInvalid(variable, NO_SUCH)
            _set(tree, path, value)
    return tree


def merged(lower: Tree, upper: Tree) -> Tree:
    """Both trees in one; where both name a setting, `upper` wins."""
    whole = dict(lower)
    for name, value in upper.items():
        both_groups = isinstance(value, dict) and isinstance(lower.get(name), dict)
        whole[name] = merged(lower[name], value) if both_groups else value
    return whole


def names_in(tree: Tree, above: str = "") -> Iterator[str]:
    """Names of settings that have a value, those of groups as `group.name`."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from names_in(value, f"{above}{name}.")
        else:
            yield above + name


def is_known(path: list[str], known: Mapping[str, Any]) -> bool:
    """Say whether a path of names leads to a setting, and not to a group or nowhere."""
    found: Any = known
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return not isinstance(found, Mapping)


def _is_meant(variable: str) -> bool:
    is_ours = variable.startswith(PREFIX) and not variable.startswith(FOR_TESTS)
    return is_ours and variable != CONFIG


def _set(tree: Tree, path: list[str], value: str) -> None:
    *groups, name = path
    for group in groups:
        tree = tree.setdefault(group, {})
    tree[name] = value
