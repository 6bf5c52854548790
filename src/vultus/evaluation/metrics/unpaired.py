"""The difference of two figures of which only the intervals are known.

Where the comparisons themselves were kept, both models are weighed with the same draws of people
(`paired`), and smaller differences are seen.
"""

import math

from vultus.evaluation.metrics.estimate import Estimate
from vultus.evaluation.metrics.paired import Difference

Z = 1.959964
"""Standard errors to either side of a 95 % interval."""


def unpaired_difference(first: Estimate, second: Estimate) -> Difference:
    """The second less the first, as if they were independent.

    Figures of the same people rise and fall together, so that the interval is rather too wide than
    too narrow, and what lies off zero is real.

    Source: Newcombe, Interval estimation for the difference between independent proportions (1998),
        method 10; Zou and Donner, Construction of confidence limits about effect measures (2008).
    """
    value = second.value - first.value
    down = math.hypot(_below(second), _above(first))
    up = math.hypot(_above(second), _below(first))
    towards_zero = down if value > 0 else up
    change = Estimate(value, value - down, value + up)
    return Difference(first.value, second.value, change, _chance(value, towards_zero))


def _below(measured: Estimate) -> float:
    return max(measured.value - measured.low, 0.0)


def _above(measured: Estimate) -> float:
    return max(measured.high - measured.value, 0.0)


def _chance(value: float, half_width: float) -> float:
    """The two-sided p-value of a difference whose interval reaches so far towards zero."""
    if not half_width:
        return float(value == 0)
    return math.erfc(Z * abs(value) / half_width / math.sqrt(2))
