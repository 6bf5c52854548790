"""A made-up result with something in every place that a report has."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image as pillow

from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.groups import Gap, GroupRate, GroupRates
from vultus.evaluation.report.about import Environment, Fact, ModelFacts, NetworkFacts, Studied
from vultus.evaluation.report.case import Case, Cases, Shown
from vultus.evaluation.report.chart import Axis, Chart, Mark, Series
from vultus.evaluation.report.comparisons import Comparisons
from vultus.evaluation.report.evaluation import Evaluation, Part, Peer
from vultus.evaluation.report.figure import Figure
from vultus.evaluation.report.grouping import ByGroup

ACCURACY = Figure(
    "accuracy", "Accuracy", 0.9918, "992 of 1,000 pairs are decided rightly.", 0.9893, 0.994
)
TAR = Figure("tar@1e-3", "TAR at FAR 0.1 %", 0.971, "Of genuine pairs, so many pass.", 0.96, 0.98)
TOO_FEW = Figure("tar@1e-6", "TAR at FAR 0.0001 %", None, "It takes 1,000,000 comparisons.")


def square_jpeg(shade: int) -> str:
    """A grey square, as pictures stand in a report."""
    file = BytesIO()
    pillow.fromarray(np.full((112, 112, 3), shade, np.uint8)).save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


def studied(version: str = "ab" * 32) -> Studied:
    return Studied("made up", version, "written by hand", 100, 20, 15, 60, 1, 3)


def model(pack: str = "one") -> ModelFacts:
    networks = (NetworkFacts("embedder", "embedder.onnx", "cd" * 32),)
    return ModelFacts(pack, "1", "a pack of tests", 0.9, "pack", networks)


def comparisons(*, people: int = 12, shift: float = 0.0, seed: int = 0) -> Comparisons:
    """Every pair of people five times; genuine scores are higher, by as much as `shift` says."""
    chance = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(people) for b in range(a, people) for _ in range(5)]
    same = np.array([a == b for a, b in pairs])
    scores = np.where(same, 0.6 + shift, 0.2) + chance.normal(0, 0.15, len(pairs))
    rows = tuple((2 * number, 2 * number + 1) for number in range(len(pairs)))
    return Comparisons(tuple(pairs), rows, (0,) * len(pairs), tuple(scores.round(6).tolist()))


def part(compared: Comparisons | None = None) -> Part:
    rates = tuple(np.geomspace(1e-4, 1, 40).tolist())
    curve = Series("one@1", rates, tuple((1 - 0.05 * np.exp(-np.array(rates) * 9)).tolist()))
    chart = Chart(
        "roc",
        "Trade-off <ROC>",
        "The nearer to the upper left, the better.",
        Axis("false matches", "log", low=1e-4, high=1),
        Axis("genuine pairs accepted"),
        (curve, Series("chance", rates, rates, "reference")),
        (Mark(1e-3, "threshold"),),
    )
    images = tuple(
        Shown("ef" * 32, f"photos/<{name}>.jpg", name, square_jpeg(90)) for name in ("ada", "bob")
    )
    groups = (
        GroupRate("small", 400, Estimate(0.02, 0.01, 0.04)),
        GroupRate("large", 500, Estimate(0.01, 0.005, 0.02)),
        GroupRate("huge", 3, None),
    )
    gap = Gap("large", "small", Estimate(0.01, -0.001, 0.03))
    return Part(
        "verification",
        "Verification",
        "Do two photos show one person?",
        (ACCURACY, TAR, TOO_FEW),
        details=(Figure("errors", "Errors", 8, "Pairs decided wrongly.", unit="number"),),
        charts=(chart,),
        peers=(Peer("chance", "a coin", (Figure("accuracy", "Accuracy", 0.5, "Half."),)),),
        groupings=(ByGroup("face size", "By face size", "Misses.", GroupRates(groups, gap)),),
        cases=(Cases("impostors", "Hardest", "Alike.", (Case(images, 0.95),)),),
        comparisons=compared,
    )


def evaluation(
    pack: str = "one", compared: Comparisons | None = None, version: str = "ab" * 32
) -> Evaluation:
    machine = Environment("a cpu", 2, "Linux", (Fact("numpy", "2"),), (Fact("detect", "40"),))
    return Evaluation(
        "2026-11-20T12:00:00+00:00",
        "vultus evaluate verification --on made-up",
        model(pack),
        studied(version),
        machine,
        (part(compared),),
    )
