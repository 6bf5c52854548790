"""`vultus doctor`: is everything here that is needed?"""

import typer

from vultus.cli.exit_codes import ExitCode
from vultus.cli.options import AsJson


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what really runs, which packs are intact and what answers."""
    from dataclasses import asdict

    from vultus.bootstrap.doctor import examine
    from vultus.cli.options import settings_with
    from vultus.cli.render import print_json
    from vultus.cli.tables import Rows
    from vultus.usecases.diagnose import State

    findings = examine(settings_with())
    rows = Rows("topic", "what", "state", "detail")
    for finding in findings:
        if as_json:
            print_json(asdict(finding))
        else:
            rows.add(finding.topic, finding.name, finding.state.value, finding.detail)
    rows.print()
    if any(finding.state is State.BAD for finding in findings):
        raise typer.Exit(ExitCode.BROKEN)
