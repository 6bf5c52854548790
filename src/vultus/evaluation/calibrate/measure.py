"""From templates of known people to the threshold and the calibration of a pack."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vultus.errors import TooFewComparisons
from vultus.evaluation.calibrate.knots import DIGITS
from vultus.evaluation.calibrate.outcomes import gallery_sizes, search_outcomes
from vultus.evaluation.calibrate.pairs import Calibrator, fit_pairs
from vultus.evaluation.calibrate.rates import measure_rates
from vultus.evaluation.calibrate.sample import sampled_trials
from vultus.evaluation.calibrate.searches import fit_searches
from vultus.evaluation.datasets.dataset import Dataset
from vultus.evaluation.metrics.trials import Trials
from vultus.evaluation.protocols.pairs import pair_trials
from vultus.evaluation.protocols.people import numbered
from vultus.evaluation.templates.table import TemplateTable
from vultus.matching.calibration import Calibration
from vultus.matching.rates import ErrorRates
from vultus.models.packs.manifest import CalibrationPart, ThresholdPart

FMR = 1e-3
"""Of the threshold of pairs."""
GREY_FMR = 1e-2
"""Where the grey zone of pairs begins."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a pack carries of its own errors."""

    rates: ErrorRates
    calibration: Calibration

    @property
    def threshold_part(self) -> ThresholdPart:
        """The threshold of pairs with its history, as a manifest has it."""
        return ThresholdPart.model_validate(
            {
                "similarity": round(self.rates.similarity_at(FMR), DIGITS),
                "fmr": FMR,
                "protocol": self.rates.protocol,
                "uncertain_from": round(self.rates.similarity_at(GREY_FMR), DIGITS),
                "rates": asdict(self.rates),
            }
        )

    @property
    def calibration_part(self) -> CalibrationPart:
        """The calibration, as a manifest has it."""
        pair = self.calibration.pair
        probabilities = tuple(round(each, DIGITS) for each in pair.probabilities)
        rounded = replace(self.calibration, pair=replace(pair, probabilities=probabilities))
        return CalibrationPart.model_validate(asdict(rounded, dict_factory=_without_unset))


def _without_unset(fields: Sequence[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in fields if value is not None}


def measure_on(
    dataset: Dataset, table: TemplateTable, calibrator: Calibrator = Calibrator.ISOTONIC
) -> Measured:
    """Fit everything to a dataset; images without a face are left out.

    The probability of a pair is fitted to the dataset's own pairs, if it has some.

    Raises:
        TooFewComparisons: the data cannot support one of them.
    """
    found = table.found
    people = numbered([image.subject for image in dataset.images])[found]
    vectors = table.vectors[found]
    count = len(np.unique(people))
    about = f"{dataset.called}: {len(people):,} photos of {count:,} people"
    pairs = pair_trials(dataset, table) if dataset.pairs else sampled_trials(vectors, people)
    whose = "pairs of its own" if dataset.pairs else "drawn pairs"
    return measure(
        vectors, people, pairs, about, f"{dataset.called}: {len(pairs):,} {whose}", calibrator
    )


def measure(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    pairs: Trials,
    protocol: str,
    pairs_protocol: str,
    calibrator: Calibrator = Calibrator.ISOTONIC,
) -> Measured:
    """Fit everything.

    Args:
        vectors: (N, D) rows of L2 norm 1, one of each photo.
        people: (N,) whom they show, by any number.
        pairs: comparisons to fit the probability of a pair to.
        protocol: on what error rates and searches are measured, for people.
        pairs_protocol: on what the probability of a pair is fitted.
        calibrator: how that one is fitted.

    Raises:
        TooFewComparisons: the data cannot support one of them.
    """
    count = len(np.unique(people))
    outcomes = search_outcomes(vectors, people, gallery_sizes(count))
    rates = measure_rates(vectors, people, outcomes, protocol)
    if rates.least_fmr > FMR:
        held = count * (count - 1) // 2
        raise TooFewComparisons(f"A false match rate of {FMR:g}", held, int(10 / FMR))
    pair = fit_pairs(pairs, pairs_protocol, calibrator)
    return Measured(rates, Calibration(pair, fit_searches(outcomes, protocol)))
