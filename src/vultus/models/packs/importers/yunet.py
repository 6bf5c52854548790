"""Frees YuNet of the image size that its file declares.

The network is convolutional throughout, and its last reshapes leave the number of cells open; only
the declared sizes tie it to 640 by 640 pixels. Without them a small image costs a tenth.
"""

import onnx

from vultus.errors import ImportFailed

HEIGHT, WIDTH = 2, 3
INPUT = "input"


def free_yunet(data: bytes, file: str) -> onnx.ModelProto:
    """Give `input` any height and width, in multiples of 32, and the outputs any number of cells.

    Raises:
        ImportFailed: `file` is no ONNX network with that input.
    """
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's own class, and protobuf is not ours to import
        raise ImportFailed(file, "it is no ONNX file") from error
    graph = model.graph
    if [given.name for given in graph.input] != [INPUT]:
        raise ImportFailed(file, f"its inputs are not {INPUT!r} alone")
    sides = graph.input[0].type.tensor_type.shape.dim
    sides[HEIGHT].dim_param, sides[WIDTH].dim_param = "H", "W"
    for output in graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells of {output.name}"
    del graph.value_info[:]
    return model
