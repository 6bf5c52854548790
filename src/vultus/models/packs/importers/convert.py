"""The importers, by the names that manifests give them."""

from typing import Literal

import onnx

from vultus.models.packs.importers.dlib_resnet import build_facenet, read_facenet
from vultus.models.packs.importers.mtcnn import build_mtcnn
from vultus.models.packs.importers.torch_pickle import read_torch_pickle
from vultus.models.packs.importers.yunet import free_yunet


def convert(
    importer: Literal["mtcnn", "yunet", "dlib-resnet"], role: str, data: bytes, file: str
) -> onnx.ModelProto:
    """Convert a foreign model file.

    Args:
        importer: which kind of file it is.
        role: what the network does in its pack: a detector's role, or `embed`.
        data: the whole file.
        file: its name, for errors.

    Raises:
        ImportFailed: the file is damaged, or holds another network.
    """
    if importer == "mtcnn":
        return build_mtcnn(read_torch_pickle(data, file), role, file)
    if importer == "yunet":
        return free_yunet(data, file)
    return build_facenet(read_facenet(data, file))
