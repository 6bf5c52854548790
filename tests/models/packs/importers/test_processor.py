from pathlib import Path

import pytest

from vultus.models.packs.importers.processor import has_vnni


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("flags\t\t: fpu avx2 avx512_vnni sse", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("Features\t: fp asimd asimddp", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("flags\t\t: fpu avx512_vnni_of_another_name", False),
        ("model name\t: avx512_vnni", False),
    ],
)
def test_dot_products_are_told_from_the_flags_of_the_processor(
    line: str, expected: bool, tmp_path: Path
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{line}\n\nprocessor\t: 1\n{line}\n")
    assert has_vnni(tmp_path / "cpuinfo") is expected


def test_a_system_that_does_not_say_counts_as_one_without(tmp_path: Path) -> None:
    assert has_vnni(tmp_path / "missing") is False
