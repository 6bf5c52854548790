from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

from vultus.errors import ImportFailed
from vultus.models.inference.onnx import OnnxNetwork, OnnxOptions
from vultus.models.packs.importers.graph import Graph
from vultus.models.packs.importers.ranges import dump_ranges, measure_ranges, read_ranges

OPTIONS = OnnxOptions(threads=1, provider="CPUExecutionProvider", optimization="all")


def test_ranges_cover_every_batch_and_are_rounded_to_six_digits() -> None:
    graph = Graph()
    x = graph.conv("triple", "chips", np.full((1, 1, 1, 1), 3.0), np.zeros(1))
    graph.node("Flatten", [x], "embeddings")
    model = graph.model({"chips": (TensorProto.FLOAT, ["N", 1, 1, 2])}, {"embeddings": ["N", 2]})
    batches = [np.array([[[row]]], np.float32) for row in ([-1, 0.5], [0, 1.2345678])]
    ranges = measure_ranges(model, batches, lambda name, file: OnnxNetwork(name, file, OPTIONS))
    assert ranges == {"chips": (-1.0, 1.23457), "triple": (-3.0, 3.7037)}


def test_written_ranges_are_read_back(tmp_path: Path) -> None:
    ranges = {"chips": (0.0, 255.0), "block00": (-1.5, 2.25)}
    (tmp_path / "ranges.json").write_text(dump_ranges(ranges))
    assert read_ranges(tmp_path / "ranges.json") == ranges


@pytest.mark.parametrize("text", [None, "", "[1, 2]", '{"a": [1]}', '{"a": ["x", 1]}'])
def test_a_file_without_ranges_is_refused(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "ranges.json").write_text(text)
    with pytest.raises(ImportFailed, match=r"ranges\.json"):
        read_ranges(tmp_path / "ranges.json")
