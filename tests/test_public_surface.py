import subprocess
import sys

import pytest

import vultus


@pytest.mark.parametrize("name", vultus.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(vultus, name).__doc__


def test_the_list_of_public_names_is_the_list_of_their_homes() -> None:
    assert sorted(name for names in vultus._HOMES.values() for name in names) == vultus.__all__


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        vultus.nonsense  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = "numpy cv2 onnxruntime onnx PIL pydantic typer rich"
    code = f"import sys, vultus; print([m for m in '{heavy}'.split() if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
