"""Vultus with its default settings, as a peer among peers."""

import numpy as np
from PIL import Image

import vultus
from line_server import serve, timed


def main() -> None:
    recognizer = vultus.load()

    def templates(photo: str) -> dict:
        faces, milliseconds = timed(lambda: recognizer.faces(photo))
        return {"ms": milliseconds, "faces": len(faces)}

    def detect(photo: str) -> dict:
        rgb = np.asarray(Image.open(photo).convert("RGB"))
        found, milliseconds = timed(lambda: recognizer.pipeline.detector.detect(rgb))
        return {"ms": milliseconds, "boxes": [face.box.xyxy for face in found]}

    serve({"templates": templates, "detect": detect}, ["vultus", "onnxruntime"])


if __name__ == "__main__":
    main()
