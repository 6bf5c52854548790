"""AVIF: the sizes of all pictures inside."""

from vultus.vision.decode.av1 import frame_sizes
from vultus.vision.decode.container import GRID, Container, grid_size
from vultus.vision.decode.header import Header, Size


def read_header(data: bytes) -> Header:
    """Read the boxes of an AVIF without decoding its picture.

    The decoder believes the AV1 stream before the boxes, so both count. A film is read by the
    still picture that goes with it.
    """
    container = Container(data, b"av01")
    sizes: set[Size] = set()
    for item in container.items.values():
        sizes |= item.sizes
        sizes |= {grid_size(item.payload)} if item.coding == GRID else frame_sizes(item.payload)
    return Header(tuple(sizes), bytes(container.content))
