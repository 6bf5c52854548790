"""Bytes to RGB: eight kinds of image files, told by their content, within stated limits.

A file is first read by our own small readers, which understand no more than its structure: they
find out how large it is, refuse what is too large, and cut it down to its first picture. Only that
goes to the decoder of its kind (Pillow, or libheif for HEIC). Metadata, further frames and other
decoders are never reached.

Memory: one call adds at most `DecodeLimits.memory_bytes` to the process, whatever the input:

    800 MiB + 4 * max_bytes + 20 * max_pixels

which is 1.83 GiB at the default limits (30 MiB, 50 million pixels). The constant is for one format
alone: a WebP of a megapixel can ask for that much in Huffman tables.
"""

from vultus.vision.decode.decoding import decode
from vultus.vision.decode.files import read_bounded
from vultus.vision.decode.limits import DecodeLimits

__all__ = ["DecodeLimits", "decode", "read_bounded"]
