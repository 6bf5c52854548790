"""A pack and everything around it → a recognizer that is ready."""

from pathlib import Path

import numpy as np

from vultus.bootstrap.packs import network_factory, open_library
from vultus.matching.calibration import Calibration
from vultus.matching.policy import Policy
from vultus.matching.thresholds import Threshold
from vultus.models.inference.port import NetworkFactory
from vultus.models.packs.manifest import EmbedderPart, Manifest, ThresholdPart
from vultus.models.packs.pack import Pack
from vultus.models.packs.sources.port import Progress
from vultus.settings import MatchSettings, Settings, load_settings
from vultus.usecases.recognizer import Recognizer
from vultus.vision.align import Aligner
from vultus.vision.assess import QualityThresholds
from vultus.vision.decode import DecodeLimits
from vultus.vision.detect.mtcnn import MtcnnDetector
from vultus.vision.detect.port import Detector
from vultus.vision.detect.yunet import YunetDetector
from vultus.vision.embed.network import InputFormat, NetworkEmbedder
from vultus.vision.embed.port import EmbedderSpec
from vultus.vision.pipeline import FacePipeline
from vultus.vision.read import ImageReader


def load(
    pack: str | Path | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Recognizer:
    """Load a pack and everything around it; the first time, obtain the pack.

    Args:
        pack: a name, or the path of a pack's directory; None takes the setting `pack`.
        settings: None reads them from the environment.
        progress: told what arrives while a pack is obtained.

    Raises:
        PackError: the pack is not known, damaged, or cannot be built.
        SourceError: a file of it cannot be obtained.
        InferenceError: a network of it cannot run.
    """
    chosen = settings or load_settings()
    library = open_library(chosen)
    return build_recognizer(library.ensure(pack or chosen.pack, progress), chosen)


def build_recognizer(pack: Pack, settings: Settings) -> Recognizer:
    """Wire a recognizer over an installed pack."""
    manifest = pack.manifest
    recognizer = Recognizer(
        pipeline=_pipeline(pack, settings),
        matching=_policy(manifest.threshold, settings.match),
        calibration=_calibration(manifest),
    )
    recognizer.pipeline.embedder.embed(_blank_chip(recognizer.pipeline.embedder.spec))
    return recognizer


def _pipeline(pack: Pack, settings: Settings) -> FacePipeline:
    open_network = network_factory(settings)
    part = pack.manifest.embedder
    return FacePipeline(
        reader=ImageReader(
            DecodeLimits(**settings.decode.model_dump()), settings.detect.long_side_px
        ),
        detector=_detector(pack, open_network, settings.detect.min_face_px),
        aligner=Aligner(
            np.array(part.points[pack.manifest.detector.kind], np.float32),
            part.input.width,
            part.input.height,
        ),
        embedder=_embedder(pack, open_network, settings.inference.batch_size),
        thresholds=QualityThresholds.named(settings.quality.policy),
        long_side_px=settings.detect.long_side_px,
        max_faces=settings.detect.max_faces,
        order=settings.detect.order,
    )


def _detector(pack: Pack, open_network: NetworkFactory, min_face_px: int) -> Detector:
    part = pack.manifest.detector
    networks = {role: open_network(key, pack.read(key)) for role, key in part.networks.items()}
    if part.kind == "mtcnn":
        stages = networks["proposal"], networks["refine"], networks["output"]
        return MtcnnDetector(*stages, min_face_px=min_face_px)
    return YunetDetector(networks["detect"], min_face_px=min_face_px)


def _embedder(pack: Pack, open_network: NetworkFactory, batch_size: int) -> NetworkEmbedder:
    part = pack.manifest.embedder
    return NetworkEmbedder(
        open_network(part.network, pack.read(part.network)),
        EmbedderSpec(pack.manifest.model, part.input.width, part.input.height, part.dim),
        _input_format(part),
        mirror=part.mirror,
        batch_size=batch_size,
    )


def _input_format(part: EmbedderPart) -> InputFormat:
    return InputFormat(
        mean=part.input.mean,
        scale=part.input.scale,
        bgr=part.input.colour == "bgr",
        channels_last=part.input.layout == "nhwc",
    )


def _policy(measured: ThresholdPart | None, chosen: MatchSettings) -> Policy | None:
    if chosen.threshold is not None:
        threshold = Threshold(chosen.threshold, "setting", fmr=None, protocol=None)
    elif measured is not None:
        threshold = Threshold(measured.similarity, "pack", measured.fmr, measured.protocol)
    else:
        return None
    lowest = chosen.uncertain_from
    if lowest is None:
        lowest = measured.uncertain_from if measured is not None else threshold.similarity
    return Policy(threshold, min(lowest, threshold.similarity))


def _calibration(manifest: Manifest) -> Calibration | None:
    part = manifest.calibration
    if part is None:
        return None
    return Calibration(part.similarities, part.probabilities, part.prior, part.protocol)


def _blank_chip(spec: EmbedderSpec) -> np.ndarray:
    return np.zeros((1, spec.chip_height_px, spec.chip_width_px, 3), np.uint8)
