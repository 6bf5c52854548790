"""One rate over groups of people or photos, and how far the groups are apart."""

from dataclasses import dataclass

from vultus.evaluation.metrics.groups import GroupRates


@dataclass(frozen=True, slots=True)
class ByGroup:
    """One rate by one attribute; `attribute` heads the column of the groups' names."""

    attribute: str
    title: str
    sentence: str
    rates: GroupRates
