"""Commands that need an extra say so before they begin."""

from vultus.errors import ExtraMissing
from vultus.usecases.extras import missing_packages


def need_evaluation() -> None:
    """Make sure that the extra `evaluation` is installed.

    Raises:
        ExtraMissing: a package of it is not.
    """
    _need("evaluation")


def need_service() -> None:
    """Make sure that the extra `service` is installed.

    Raises:
        ExtraMissing: a package of it is not.
    """
    _need("service")


def _need(extra: str) -> None:
    if missing := missing_packages(extra):
        raise ExtraMissing(extra, missing[0])
