"""`face_recognition` on dlib with its default settings."""

import face_recognition

from line_server import serve, timed


def templates(photo: str) -> dict:
    found, milliseconds = timed(
        lambda: face_recognition.face_encodings(face_recognition.load_image_file(photo))
    )
    return {"ms": milliseconds, "faces": len(found)}


if __name__ == "__main__":
    serve({"templates": templates}, ["face_recognition", "dlib-bin"])
