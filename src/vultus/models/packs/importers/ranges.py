"""What values the tensors of a network take: measured once, kept as JSON in a pack."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from vultus.errors import ImportFailed
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.importers.quantize import Ranges, measurable

DIGITS = 6
JSON = TypeAdapter(dict[str, tuple[float, float]])


def measure_ranges(
    model: onnx.ModelProto,
    batches: Iterable[NDArray[np.float32]],
    open_network: NetworkFactory,
) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of every tensor that `quantize` asks for.

    Args:
        model: a network with one input.
        batches: what it is shown.
        open_network: runs it.
    """
    names = measurable(model)
    source = model.graph.input[0].name
    network = open_network("ranges", _revealing(model, names).SerializeToString())
    lows, highs = dict.fromkeys(names, np.inf), dict.fromkeys(names, -np.inf)
    for batch in batches:
        tensors = {source: batch, **network.run({source: batch})}
        for name in names:
            lows[name] = min(lows[name], float(tensors[name].min()))
            highs[name] = max(highs[name], float(tensors[name].max()))
    return {name: (_rounded(lows[name]), _rounded(highs[name])) for name in names}


def read_ranges(path: Path) -> Ranges:
    """Read the ranges that a pack brings.

    Raises:
        ImportFailed: the file is missing or is no table of ranges.
    """
    try:
        return JSON.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ImportFailed(path.name, "it is no table of ranges") from error


def dump_ranges(ranges: Ranges) -> str:
    """Write ranges as JSON, a tensor per line."""
    lines = (f"  {json.dumps(name)}: {json.dumps(pair)}" for name, pair in ranges.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _revealing(model: onnx.ModelProto, names: Iterable[str]) -> onnx.ModelProto:
    """The same network with inner tensors as further outputs."""
    known = {entry.name for entry in (*model.graph.input, *model.graph.output)}
    revealing = onnx.ModelProto()
    revealing.CopyFrom(model)
    revealing.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        for name in names
        if name not in known
    )
    return revealing


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
