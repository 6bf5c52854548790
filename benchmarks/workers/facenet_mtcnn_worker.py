"""The MTCNN of facenet-pytorch, smallest face 40 px, its other settings as they come."""

import sys
from types import ModuleType

import numpy as np
from PIL import Image

from line_server import serve, timed


def stand_in_for_torchvision() -> None:
    """Give facenet-pytorch the one function of torchvision that detection uses.

    torchvision's wheel on PyPI does not load beside a CPU build of torch. Non-maximum suppression
    is done by the function in numpy that facenet-pytorch itself carries: 3 to 4 % of its time.
    """

    def batched_nms(boxes, scores, groups, threshold):
        from facenet_pytorch.models.utils.detect_face import batched_nms_numpy

        return batched_nms_numpy(boxes, scores, groups, threshold, "Union")

    names = ("torchvision", "torchvision.transforms", "torchvision.ops", "torchvision.ops.boxes")
    modules = {name: ModuleType(name) for name in names}
    modules["torchvision.transforms"].functional = None
    modules["torchvision.ops.boxes"].batched_nms = batched_nms
    sys.modules.update(modules)


def main() -> None:
    stand_in_for_torchvision()
    from facenet_pytorch import MTCNN

    mtcnn = MTCNN(keep_all=True, min_face_size=40)

    def detect(photo: str) -> dict:
        rgb = np.asarray(Image.open(photo).convert("RGB"))
        (boxes, _), milliseconds = timed(lambda: mtcnn.detect(rgb))
        return {"ms": milliseconds, "boxes": [] if boxes is None else boxes.tolist()}

    serve({"detect": detect}, ["facenet-pytorch", "torch"])


if __name__ == "__main__":
    main()
