"""A pack and everything around it → a recognizer that is ready."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vultus.bootstrap.packs import network_factory, open_library
from vultus.domain.gallery import ThresholdPolicy
from vultus.errors import PackInvalid, SettingInvalid
from vultus.matching.calibration import Calibration, PairCalibration, SearchCalibration
from vultus.matching.policy import Policy
from vultus.matching.rates import ErrorRates, Rate, Spread
from vultus.matching.thresholds import Threshold
from vultus.models.inference.port import Network, NetworkFactory
from vultus.models.packs.check.embedder import TOLERANCE
from vultus.models.packs.check.pack import blamed_on, check_networks
from vultus.models.packs.manifest import (
    MANIFEST,
    CalibrationPart,
    DetectorPart,
    EmbedderPart,
    Manifest,
    ThresholdPart,
)
from vultus.models.packs.pack import Pack
from vultus.models.packs.sources.port import Progress
from vultus.settings import DetectSettings, MatchSettings, Settings, load_settings
from vultus.usecases.recognizer import Recognizer
from vultus.vision.align import Aligner
from vultus.vision.assess import QualityThresholds
from vultus.vision.decode import DecodeLimits
from vultus.vision.detect.mtcnn import MtcnnDetector
from vultus.vision.detect.port import Detector
from vultus.vision.detect.yunet import YunetDetector
from vultus.vision.embed.network import InputFormat, NetworkEmbedder
from vultus.vision.embed.port import Chips, Embedder, EmbedderSpec
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
    """Wire a recognizer over an installed pack.

    Raises:
        PackDamaged: a file of it is missing, or is not the one that the manifest names.
        PackInvalid: a network is not what the manifest says.
        InferenceError: a network cannot run.
        SettingInvalid: a setting is not for the pack's detector.
    """
    manifest = pack.manifest
    if settings.inference.threads:
        # OpenCV has one number for the whole process. Left to choose, it takes every core for work
        # of a tenth of a millisecond, which costs a fifth more processor time and saves none.
        cv2.setNumThreads(settings.inference.threads)
    recognizer = Recognizer(
        pipeline=_pipeline(pack, settings),
        matching=_policy(manifest.threshold, settings.match),
        calibration=_calibration(manifest.calibration, settings.match.prior),
        rates=error_rates(manifest.threshold),
        chosen=chosen_policy(settings.match),
    )
    _try_out(pack, recognizer.pipeline.embedder)
    return recognizer


def _pipeline(pack: Pack, settings: Settings) -> FacePipeline:
    networks = _networks(pack, network_factory(settings))
    part = pack.manifest.embedder
    return FacePipeline(
        reader=ImageReader(
            DecodeLimits(**settings.decode.model_dump()), settings.detect.long_side_px
        ),
        detector=_detector(pack.manifest.detector, networks, settings.detect),
        aligner=Aligner(
            np.array(part.points[pack.manifest.detector.kind], np.float32),
            part.input.width,
            part.input.height,
        ),
        embedder=_embedder(pack.manifest, networks, settings.inference.batch_size),
        thresholds=QualityThresholds.named(settings.quality.policy),
        long_side_px=settings.detect.long_side_px,
        max_faces=settings.detect.max_faces,
        order=settings.detect.order,
    )


def _networks(pack: Pack, open_network: NetworkFactory) -> Mapping[str, Network]:
    """The networks of a pack by their keys, each of them what the manifest says."""
    networks = {key: open_network(key, pack.read(key)) for key in pack.manifest.networks}
    check_networks(pack.manifest, networks, pack.path)
    return networks


def _detector(
    part: DetectorPart, networks: Mapping[str, Network], chosen: DetectSettings
) -> Detector:
    by_role = {role: networks[key] for role, key in part.networks.items()}
    least, stages = chosen.min_confidence, chosen.stage_thresholds
    if part.kind == "mtcnn":
        own = by_role["proposal"], by_role["refine"], by_role["output"]
        given = _without_none(thresholds=stages, min_confidence=least)
        return MtcnnDetector(*own, min_face_px=chosen.min_face_px, **given)
    if stages is not None:
        problem = f"the pack's detector {part.kind} has no stages; unset it"
        raise SettingInvalid("detect.stage_thresholds", problem)
    given = _without_none(threshold=least)
    return YunetDetector(by_role["detect"], min_face_px=chosen.min_face_px, **given)


def _without_none(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _embedder(
    manifest: Manifest, networks: Mapping[str, Network], batch_size: int
) -> NetworkEmbedder:
    part = manifest.embedder
    return NetworkEmbedder(
        networks[part.network],
        EmbedderSpec(manifest.model, part.input.width, part.input.height, part.dim),
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


def chosen_policy(chosen: MatchSettings) -> ThresholdPolicy:
    """How searches are decided where a gallery does not say."""
    return ThresholdPolicy(chosen.policy, chosen.fpir if chosen.policy == "fpir" else None)


def error_rates(measured: ThresholdPart | None) -> ErrorRates | None:
    """The error rates that a pack carries, if it does."""
    if measured is None or measured.rates is None:
        return None
    part = measured.rates
    fmr, fnmr = (Rate(each.value, each.low, each.high) for each in (part.fmr, part.fnmr))
    spread = Spread(part.spread.shape, part.spread.power)
    return ErrorRates(part.similarities, fmr, fnmr, spread, part.people, part.protocol)


def _calibration(part: CalibrationPart | None, prior: float | None) -> Calibration | None:
    if part is None:
        return None
    pair = PairCalibration(**part.pair.model_dump())
    search = SearchCalibration(**part.search.model_dump()) if part.search else None
    return Calibration(pair if prior is None else pair.at_prior(prior), search)


def _try_out(pack: Pack, embedder: Embedder) -> None:
    """Run the embedder once, so that the first photo is no slower than the others.

    Raises:
        PackInvalid: it takes everybody for one, or gives no templates of the promised size.
        TensorMismatch: it fails.
    """
    with blamed_on(pack.path, "embedder.dim"):
        one, other = embedder.embed(_unlike_chips(embedder.spec))
    # Not a number is no difference either.
    if not np.linalg.norm(one - other) > TOLERANCE:
        problem = "the network makes one template of chips that are nothing alike"
        raise PackInvalid(str(pack.path / MANIFEST), "embedder", problem)


def _unlike_chips(spec: EmbedderSpec) -> Chips:
    """Two chips, brighter from left to right and from top to bottom."""
    chips = np.empty((2, spec.chip_height_px, spec.chip_width_px, 3), np.uint8)
    chips[0] = np.linspace(0, 255, spec.chip_width_px, dtype=np.uint8)[:, np.newaxis]
    chips[1] = np.linspace(0, 255, spec.chip_height_px, dtype=np.uint8)[:, np.newaxis, np.newaxis]
    return chips
