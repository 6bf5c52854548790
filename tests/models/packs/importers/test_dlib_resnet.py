from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dlib_files import Part, facenet_parts, random_convs
from plain_networks import facenet
from vultus.errors import ImportFailed
from vultus.models.packs.importers.dlib_resnet import build_facenet, read_facenet

RNG = np.random.default_rng(3)
CONVS = random_convs(RNG)
DENSE = (RNG.standard_normal((256, 128)) / 16).astype(np.float32)


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return facenet_parts(CONVS, DENSE)


@pytest.fixture(scope="module")
def file(parts: list[Part]) -> bytes:
    return b"".join(part.data for part in parts)


def test_the_built_network_computes_what_dlib_does(file: bytes) -> None:
    chips = np.random.default_rng(5).integers(0, 256, (2, 150, 150, 3), np.uint8)
    given = run(build_facenet(read_facenet(file, "net.dat")), chips)
    expected = facenet(CONVS, DENSE, chips)
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_the_published_network_gives_what_dlib_gets(artifact: Callable[[str], bytes]) -> None:
    model = build_facenet(read_facenet(artifact("resnet"), "net.dat"))
    y, x, c = np.meshgrid(np.arange(150), np.arange(150), np.arange(3), indexing="ij")
    pattern = ((x * 7 + y * 13 + x * y // 5 + c * 50) % 256).astype(np.uint8)
    # compute_face_descriptor of dlib 20.0.1.
    expected = [-0.104341, 0.106635, 0.124826, -0.037640, -0.134126, -0.072661, -0.129555]
    np.testing.assert_allclose(run(model, pattern[None])[0, :7], expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("share", np.linspace(0, 1, 24, endpoint=False))
def test_a_file_cut_anywhere_is_refused(share: float, file: bytes) -> None:
    with pytest.raises(ImportFailed):
        read_facenet(file[: int(share * len(file))], "net.dat")


def test_a_file_with_more_behind_it_is_refused(file: bytes) -> None:
    with pytest.raises(ImportFailed, match="follow"):
        read_facenet(file + b"\0", "net.dat")


def test_a_file_with_another_order_of_layers_is_refused(file: bytes) -> None:
    begin = file.index(b"\x01\x02" * 5)
    end = file.index(b"\x01\x15input_rgb")
    for position in range(begin, end):
        with pytest.raises(ImportFailed):
            read_facenet(flipped(file, position, 0x01), "net.dat")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_structure_is_refused_or_means_the_same(
    parts: list[Part], data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from([n for n, part in enumerate(parts) if not part.weights]))
    before = sum(len(part.data) for part in parts[:number])
    position = before + data.draw(st.integers(0, len(parts[number].data) - 1))
    whole = b"".join(part.data for part in parts)
    try:
        network = read_facenet(flipped(whole, position, data.draw(st.integers(1, 255))), "net.dat")
    except ImportFailed:
        return
    np.testing.assert_array_equal(network.dense, DENSE)
    np.testing.assert_array_equal(network.stem.weight, read_facenet(whole, "net.dat").stem.weight)


def flipped(file: bytes, position: int, bits: int) -> bytes:
    """The file with some bits of one byte turned."""
    return file[:position] + bytes([file[position] ^ bits]) + file[position + 1 :]


def run(model: onnx.ModelProto, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    tensor = np.ascontiguousarray(chips.transpose(0, 3, 1, 2), np.float32)
    (embeddings,) = session.run(["embeddings"], {"chips": tensor})
    return np.asarray(embeddings)
