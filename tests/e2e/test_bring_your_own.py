"""Somebody's own ONNX networks, brought as a pack and used like any other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import vultus
from vultus.errors import ThresholdMissing
from vultus.matching.policy import Decision
from vultus.settings import Settings

pytestmark = pytest.mark.data
SAME, OTHER = ("lennon_1.jpg", "lennon_2.jpg"), "clapton_1.jpg"


@pytest.fixture(scope="module", params=["mtcnn", "yunet"])
def pack(
    request: pytest.FixtureRequest,
    vultus_home: Path,
    data_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """MobileFaceNet behind MTCNN or behind YuNet, as `packs new` makes it."""
    models = data_dir / "models"
    detector = {
        "mtcnn": ["--detector-from", "dlib"],
        "yunet": [
            *("--detector", str(models / "face_detection_yunet_2023mar.onnx")),
            *("--detector-licence", "MIT", "--detector-origin", "OpenCV Zoo"),
        ],
    }[request.param]
    out = tmp_path_factory.mktemp("packs") / "mobilefacenet"
    command = [
        *(sys.executable, "-c", "from vultus.cli.app import main; main()"),
        *("packs", "new", "mobilefacenet", "--style", "imagenet", "--out", str(out)),
        *("--embedder", str(models / "mobilefacenet_foamliu.onnx")),
        *("--licence", "Apache-2.0", "--origin", "foamliu/MobileFaceNet"),
        *detector,
    ]
    environment = os.environ | {"VULTUS_HOME": str(vultus_home)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_it_tells_people_apart_once_it_is_given_a_threshold(
    pack: Path, settings: Settings, samples_dir: Path
) -> None:
    chosen = settings.model_copy(
        update={"match": settings.match.model_copy(update={"threshold": 0.4})}
    )
    recognizer = vultus.load(pack, settings=chosen)
    one, same, other = (samples_dir / name for name in (*SAME, OTHER))
    assert recognizer.verify(one, same).decision is Decision.MATCH
    assert recognizer.verify(one, other).decision is Decision.UNKNOWN


def test_it_decides_nothing_while_nobody_measured_a_threshold(
    pack: Path, settings: Settings, samples_dir: Path
) -> None:
    recognizer = vultus.load(pack, settings=settings)
    assert len(recognizer.faces(samples_dir / SAME[0])) == 1
    with pytest.raises(ThresholdMissing, match="mobilefacenet"):
        recognizer.verify(samples_dir / SAME[0], samples_dir / SAME[1])
