"""Packages that only some commands need."""

from importlib.util import find_spec

from vultus.errors import ExtraMissing

EVALUATION = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "scipy": "scipy",
    "matplotlib": "matplotlib",
    "jinja2": "jinja2",
}
"""Modules of the extra `evaluation`, and the packages that they come with."""


def need_evaluation() -> None:
    """Make sure that the extra `evaluation` is installed.

    Raises:
        ExtraMissing: a package of it is not.
    """
    for module, package in EVALUATION.items():
        if find_spec(module) is None:
            raise ExtraMissing("evaluation", package)
