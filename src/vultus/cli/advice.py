"""From a question about a threshold to its answer."""

from dataclasses import dataclass
from typing import Self

import typer

from vultus.cli.advice_render import Answer, share
from vultus.domain.gallery import ThresholdPolicy
from vultus.evaluation.advise.advice import Advice, Costs, for_costs, for_fnir, for_fpir, table
from vultus.evaluation.advise.decided import decided
from vultus.matching.policy import Policy
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize
from vultus.settings import Settings

LEAST_SHARE, MOST_SHARE = 1e-12, 1 - 1e-12
"""Of a policy: a share that rounds to nothing or to everything is none."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a threshold should reach: a share of strangers, or of enrolled people, or least costs.

    At most one of them is there; with none it is the share of strangers of the gallery, or else of
    the settings.
    """

    fpir: float | None
    fnir: float | None
    costs: Costs | None

    @classmethod
    def of(
        cls,
        fpir: float | None,
        fnir: float | None,
        cost_false_alarm: float | None,
        cost_miss: float | None,
        strangers: float,
    ) -> Self:
        """What the options say; a `typer.BadParameter` where they contradict each other."""
        costs = cost_false_alarm is not None or cost_miss is not None
        if (fpir is not None) + (fnir is not None) + costs > 1:
            raise typer.BadParameter("give one of --fpir, --fnir and costs")
        if not costs:
            return cls(fpir, fnir, None)
        if cost_false_alarm is None or cost_miss is None:
            raise typer.BadParameter("give both --cost-false-alarm and --cost-miss")
        return cls(None, None, Costs(cost_false_alarm, cost_miss, strangers))


@dataclass(frozen=True, slots=True)
class Searched:
    """What a threshold is wanted for: a search of some size, with what its pack knows of errors.

    `pairs` is the rule of pairs. `gallery` names a gallery, if it is one, and `policy` says how its
    threshold follows the size.
    """

    size: SearchSize
    rates: ErrorRates
    pairs: Policy
    gallery: str | None = None
    policy: ThresholdPolicy | None = None


def answer(searched: Searched, target: Target, settings: Settings) -> Answer:
    """Advise a threshold, and say what a gallery would decide by, and does.

    Raises:
        InvalidValue, TooFewComparisons: as the functions of `advise` do.
    """
    rates, size, pairs, own = searched.rates, searched.size, searched.pairs, searched.policy
    asked, fpir, advice = _advice(searched, target, settings)
    policy = ThresholdPolicy("fpir", min(max(fpir, LEAST_SHARE), MOST_SHARE))
    return Answer(
        asked=asked,
        advice=advice,
        others=table(rates, size),
        rates=rates,
        policy=decided(rates, size, policy, pairs),
        name=searched.gallery,
        gallery=None if own is None else decided(rates, size, own, pairs),
    )


def _advice(searched: Searched, target: Target, settings: Settings) -> tuple[str, float, Advice]:
    """What is asked for, in words; the share of strangers that is named then; the advice."""
    rates, size, costs = searched.rates, searched.size, target.costs
    if costs is not None:
        advice = for_costs(rates, size, costs)
        prices = f"{costs.false_alarm:g} for a stranger named, {costs.miss:g} for a miss"
        asked = f"the least cost: {prices}, {costs.strangers:.0%} of searches for strangers"
        return asked, advice.fpir, advice
    if target.fnir is not None:
        advice = for_fnir(rates, size, target.fnir)
        return f"at most {share(target.fnir)} of enrolled people missed", advice.fpir, advice
    fpir, whose = _most_strangers(searched, target, settings)
    asked = f"at most {share(fpir)} of strangers named{whose}"
    return asked, fpir, for_fpir(rates, size, fpir)


def _most_strangers(searched: Searched, target: Target, settings: Settings) -> tuple[float, str]:
    """The share of strangers to name at most, and whose it is."""
    if target.fpir is not None:
        return target.fpir, ""
    own = searched.policy
    if own is not None and own.fpir is not None:
        return own.fpir, ", as the gallery's policy says"
    return settings.match.fpir, ", as the setting match.fpir says"
