"""docs/packs.md tells of every field, address, option and pack."""

import re
from pathlib import Path

import pytest
import typer

from vultus.cli.packs import app
from vultus.models.packs import manifest as schema
from vultus.models.packs.library import SHIPPED
from vultus.models.packs.pack import read_manifest
from vultus.models.packs.styles import STYLES

TEXT = (Path(__file__).parents[3] / "docs" / "packs.md").read_text()
PARTS = [
    part
    for part in vars(schema).values()
    if isinstance(part, type) and issubclass(part, schema.Part) and part is not schema.Part
]


def rows_of(section: str) -> str:
    """First cells of the tables of a section."""
    body = re.split(r"^#+ ", TEXT.partition(f"### {section}\n")[2], flags=re.MULTILINE)[0]
    return "\n".join(row.split("|")[1] for row in body.splitlines() if row.startswith("|"))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_the_section_of_a_part_lists_exactly_its_fields(part):
    fields = {field.alias or name for name, field in part.model_fields.items()}
    assert set(re.findall("`(.+?)`", rows_of(part.__name__.removesuffix("Part")))) == fields


@pytest.mark.parametrize("name", [path.name for path in SHIPPED.iterdir()])
def test_each_network_of_a_shipped_pack_has_its_licence_in_the_table(name):
    for key, network in read_manifest(SHIPPED / name).networks.items():
        assert [
            row
            for row in TEXT.splitlines()
            if row.startswith("|")
            and all(word in row for word in (f"`{name}`", f"`{key}`", f" {network.licence.spdx} "))
        ]


def test_every_command_and_option_is_told():
    commands = typer.main.get_command(app).commands
    for name in commands:
        assert f"vultus packs {name}" in TEXT
    for parameter in commands["new"].params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("--") and option != "--help":
                assert option in TEXT


def test_every_style_is_told():
    for name, style in STYLES.items():
        assert f"| `{name}` | {style.input.width}x{style.input.height} RGB |" in TEXT
