"""Arrays in .npz files, which somebody else may have made.

Nothing is unpickled, and nothing is allocated before the sizes in the file agree with each other.
"""

import math
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from vultus.errors import InvalidValue

# The other kinds are unpacked by Python without a bound on what comes out.
BOUNDED_KINDS = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def read_arrays(file: IO[bytes], most_bytes: int) -> dict[str, NDArray[Any]]:
    """Read every array of an .npz file.

    Args:
        file: the file, open for reading from its beginning.
        most_bytes: the arrays together may be no larger.

    Raises:
        InvalidValue: it is no such file, is damaged, holds objects, or is too large.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > most_bytes:
                raise InvalidValue("npz", f"its arrays have more than {most_bytes:,} bytes")
            return {
                member.filename.removesuffix(".npy"): _array(archive, member) for member in members
            }
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise InvalidValue("npz", f"it is no intact .npz file ({error})") from error


def write_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Give the .npz file of some arrays."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                npy.write_array(stream, array, allow_pickle=False)
    return file.getvalue()


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    if member.compress_type not in BOUNDED_KINDS:
        raise InvalidValue("npz", "it is packed in an unusual way")
    with archive.open(member) as stream:
        shape, by_columns, dtype = _header(stream)
        size_bytes = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or min(shape, default=0) < 0 or size_bytes > member.file_size:
            raise InvalidValue("npz", "an array holds objects, or not what it says")
        data = np.frombuffer(stream.read(size_bytes), dtype)
    return data.reshape(shape, order="F" if by_columns else "C")


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    if npy.read_magic(stream) == (1, 0):
        return npy.read_array_header_1_0(stream)
    return npy.read_array_header_2_0(stream)
