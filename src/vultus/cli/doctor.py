"""`vultus doctor`: is everything here that is needed?"""

from typing import TYPE_CHECKING

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import AsJson

if TYPE_CHECKING:
    from vultus.settings import Settings

PATIENCE_S = 3.0
"""Longest wait for the server that the settings name."""


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed and really runs, and whether what the settings name can be used.

    Nothing is made or changed. Servers of this machine are looked for where they usually answer.
    """
    from dataclasses import asdict

    from vultus.bootstrap.doctor import examine
    from vultus.cli.options import settings_with
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows
    from vultus.usecases.diagnose import State

    settings = settings_with()
    findings = examine(settings, lambda: _ask_server(settings))
    rows = Rows("topic", "what", "state", "detail")
    for finding in findings:
        if as_json:
            print_json(asdict(finding))
        else:
            rows.add(finding.topic, finding.name, finding.state.value, finding.detail)
    rows.print()
    if any(finding.state is State.BAD for finding in findings):
        raise typer.Exit(ExitCode.BROKEN)


def _ask_server(settings: "Settings") -> str:
    from vultus.cli.server import connect

    once = settings.client.model_copy(update={"timeout_s": PATIENCE_S, "retries": 0})
    with connect(settings.model_copy(update={"client": once})) as client:
        return f"{settings.client.server} answers, with the pack {client.model}"
