"""Settings as environment variables name them.

Done by hand: pydantic-settings would cost every process 17 MiB and 80 ms for these few lines.
"""

from collections.abc import Mapping
from typing import Any

from vultus.errors import SettingInvalid

PREFIX, SEPARATOR = "VULTUS_", "__"
FOR_TESTS = "VULTUS_TEST_"

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
        if value and variable.startswith(PREFIX) and not variable.startswith(FOR_TESTS):
            group, _, name = variable.removeprefix(PREFIX).lower().partition(SEPARATOR)
            path = [group, name] if name else [group]
            if not _is_known(path, known):
                raise SettingInvalid(variable, "there is no such setting; see docs/settings.md")
            _set(tree, path, value)
    return tree


def merged(lower: Tree, upper: Tree) -> Tree:
    """Both trees in one; where both name a setting, `upper` wins."""
    whole = dict(lower)
    for name, value in upper.items():
        both_groups = isinstance(value, dict) and isinstance(lower.get(name), dict)
        whole[name] = merged(lower[name], value) if both_groups else value
    return whole


def _is_known(path: list[str], known: Mapping[str, Any]) -> bool:
    found: Any = known
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return not isinstance(found, Mapping)


def _set(tree: Tree, path: list[str], value: str) -> None:
    *groups, name = path
    for group in groups:
        tree = tree.setdefault(group, {})
    tree[name] = value
