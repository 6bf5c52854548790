"""Bodies of requests that grow when somebody reads them."""

FORM_HEAD = b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n'
FORM_TAIL = b"\r\n--x--\r\n"
FORM = "multipart/form-data; boundary=x"


def filled(head: bytes, unit: bytes, tail: bytes, size_bytes: int) -> bytes:
    """So many units between head and tail that all has about a size."""
    return head + unit * ((size_bytes - len(head) - len(tail)) // len(unit)) + tail


def json_bodies(size_bytes: int) -> dict[str, bytes]:
    """Bodies of JSON, each of about that size."""
    row = b"[" + b"1," * 127 + b"1]"
    url = b'{"image_format": "png", "image_url": "data:image/png'
    parts = {
        "zeros": (b'{"templates": [[', b"0,", b"0]]}"),
        "short rows": (b'{"templates": [', b"[0,0,0,0,0,0,0,0],", b"[0]]}"),
        "rows": (b'{"templates": [', row + b",", row + b"]}"),
        "long rows": (b'{"templates": [', b"[" + b"0," * 4_095 + b"0],", b"[0]]}"),
        "embeddings": (b'{"embeddings": [', row + b",", row + b"]}"),
        "lists": (b'{"image": [', b"[],", b"[]]}"),
        "texts": (b'{"image": [', b'"",', b'""]}'),
        "objects": (b'{"x": ', b'{"a":', b""),
        "names": (b"{", b'"":0,', b'"":0}'),
        "one letter of four bytes": (b'{"image": "', b"A", "😀".encode() + b'"}'),
        "the same, escaped": (b'{"image": "', b"A", b'\\ud83d\\ude00"}'),
        "pluses": (b'{"image": "', b"\\u002b", b'"}'),
        "backslashes": (b'{"image": "', b'\\"', b'"}'),
        "a photo": (b'{"image": "', b"AAAA", b'"}'),
        "a data: URL": (url + b";base64,", b"%41", b'"}'),
        "a data: URL of bytes": (url + b",", b"%00", b'"}'),
    }
    return {name: filled(*each, size_bytes) for name, each in parts.items()}


def forms(size_bytes: int) -> dict[str, bytes]:
    """Forms, each of about that size."""
    image = FORM_HEAD + bytes(size_bytes // 33) + b"\r\n"
    return {
        "one part": filled(FORM_HEAD, b"\0", FORM_TAIL, size_bytes),
        "parts": image * 32 + b"--x--\r\n",
        "line ends": filled(FORM_HEAD, b"\r\n", FORM_TAIL, size_bytes),
        "what looks like a part": filled(FORM_HEAD, b"\r\n--y", FORM_TAIL, size_bytes),
    }
