"""Findings of a check, as JSON for programs and as text for people."""

from collections.abc import Iterator, Sequence

from vultus.cli.data.render import headline, image_json, print_lines
from vultus.cli.line import Json
from vultus.cli.render import print_json
from vultus.evaluation.datasets.check.finding import MEANINGS, Finding
from vultus.evaluation.datasets.dataset import Dataset


def print_findings(dataset: Dataset, findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print the findings, one JSON object on a line or kind by kind."""
    if as_json:
        for finding in findings:
            print_json(_finding_json(dataset, finding))
        return
    for kind, meaning in MEANINGS.items():
        own = [finding for finding in findings if finding.kind is kind]
        print_lines(f"{kind}, {meaning}", [_sentence(dataset, finding) for finding in own])
    if not findings:
        print(f"{headline(dataset)}: nothing was found")


def _finding_json(dataset: Dataset, finding: Finding) -> Json:
    return {
        "kind": str(finding.kind),
        "note": finding.note,
        "similarity": finding.similarity,
        "images": [image_json(dataset.images[row]) for row in finding.rows],
    }


def _sentence(dataset: Dataset, finding: Finding) -> str:
    alike = "" if finding.similarity is None else f" ({finding.similarity:.3f})"
    return f"{finding.note}{alike}: {', '.join(_names(dataset, finding))}"


def _names(dataset: Dataset, finding: Finding) -> Iterator[str]:
    yield from (dataset.images[row].name for row in finding.rows[:2])
    if len(finding.rows) > 2:
        yield f"and {len(finding.rows) - 2} more"
