"""From a question about a threshold to its answer."""

from dataclasses import dataclass
from typing import Self

import typer

from vultus.bootstrap.packs import open_library
from vultus.bootstrap.recognizer import chosen_policy, error_rates, pairs_policy
from vultus.cli.advice_render import Answer, share
from vultus.cli.opening import open_gallery
from vultus.cli.options import settings_with
from vultus.domain.gallery import Gallery, ThresholdPolicy
from vultus.errors import RatesMissing
from vultus.evaluation.advise.advice import Advice, Costs, for_costs, for_fnir, for_fpir, table
from vultus.evaluation.advise.decided import decided
from vultus.matching.policy import Policy
from vultus.matching.rates import ErrorRates
from vultus.matching.size import SearchSize
from vultus.settings import MatchSettings, Settings
from vultus.usecases.gallery.workings import check_model

LEAST_SHARE, MOST_SHARE = 1e-12, 1 - 1e-12
"""Of a policy: a share that rounds to nothing or to everything is none."""
STRANGERS = 0.5
"""Share of searches for people who are not enrolled, unless it is said."""


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
        strangers: float | None,
    ) -> Self:
        """What the options say; a `typer.BadParameter` where they contradict each other."""
        costs = _costs(cost_false_alarm, cost_miss, strangers)
        if (fpir is not None) + (fnir is not None) + (costs is not None) > 1:
            raise typer.BadParameter("give one of --fpir, --fnir and costs")
        return cls(fpir, fnir, costs)


def _costs(false_alarm: float | None, miss: float | None, strangers: float | None) -> Costs | None:
    if false_alarm is None and miss is None and strangers is None:
        return None
    if false_alarm is None or miss is None:
        raise typer.BadParameter("give both --cost-false-alarm and --cost-miss")
    return Costs(false_alarm, miss, STRANGERS if strangers is None else strangers)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a threshold is wanted for: a search of some size, with what its pack knows of errors.

    `pairs` is the rule of pairs, and `fpir` the share of strangers to name where nothing else is
    asked for, with `whose` it is. `gallery` names a gallery, if it is one, and `policy` says how
    its threshold follows the size, if that is known.
    """

    size: SearchSize
    rates: ErrorRates
    pairs: Policy
    fpir: float
    whose: str
    gallery: str | None = None
    policy: ThresholdPolicy | None = None


def of_people(subjects: int, photos: float, pack: str | None) -> Searched:
    """So many people, of each so many photos, in the store or on a server that there may be."""
    settings = settings_with(pack, here=True)
    size = SearchSize.of(subjects, round(subjects * photos))
    rates, pairs = _rules(settings.pack, settings, settings.match)
    return Searched(size, rates, pairs, *_usual(settings))


def of_gallery(name: str, pack: str | None) -> Searched:
    """A gallery as it is now, of this machine's store or of a server.

    What the settings of a server say of thresholds is not known here.
    """
    settings = settings_with(pack)
    with open_gallery(name, settings) as gallery:
        info, counts = gallery.info, gallery.counts
    size = SearchSize.of(counts.subjects, counts.faces)
    local = settings.client.server is None
    match = settings.match if local else MatchSettings()
    rates, pairs = _rules(pack or info.model.pack, settings, match, info)
    policy = info.policy or (chosen_policy(match) if local else None)
    fpir, whose = _usual(settings)
    if policy is not None and policy.fpir is not None:
        fpir, whose = policy.fpir, "the gallery's policy"
    return Searched(size, rates, pairs, fpir, whose, info.name, policy)


def _usual(settings: Settings) -> tuple[float, str]:
    return settings.match.fpir, "the setting match.fpir"


def _rules(
    pack: str, settings: Settings, match: MatchSettings, of: Gallery | None = None
) -> tuple[ErrorRates, Policy]:
    """The error rates of a pack, as this machine knows it, and its rule of pairs.

    Raises:
        GalleryModelMismatch: it did not make the templates of the gallery `of`.
        RatesMissing: it carries none.
    """
    manifest = open_library(settings).manifest(pack)
    if of is not None:
        check_model(of, manifest.model)
    rates = error_rates(manifest.threshold)
    pairs = pairs_policy(manifest.threshold, match)
    if rates is None or pairs is None:
        raise RatesMissing(manifest.name)
    return rates, pairs


def advise(searched: Searched, target: Target) -> Answer:
    """Advise a threshold, and say what a gallery would decide by, and does.

    Raises:
        InvalidValue, TooFewComparisons: as the functions of `evaluation.advise` do.
    """
    rates, size, pairs, own = searched.rates, searched.size, searched.pairs, searched.policy
    asked, fpir, advice = _advice(searched, target)
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


def _advice(searched: Searched, target: Target) -> tuple[str, float, Advice]:
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
    fpir, whose = target.fpir, ""
    if fpir is None:
        fpir, whose = searched.fpir, f", as {searched.whose} says"
    asked = f"at most {share(fpir)} of strangers named{whose}"
    return asked, fpir, for_fpir(rates, size, fpir)
