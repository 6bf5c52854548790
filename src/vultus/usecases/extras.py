"""The extras of the distribution: packages that only some work needs."""

from collections.abc import Mapping
from importlib.util import find_spec

EXTRAS: Mapping[str, Mapping[str, str]] = {
    "elasticsearch": {"elasticsearch": "elasticsearch"},
    "evaluation": {
        "sklearn": "scikit-learn",
        "skimage": "scikit-image",
        "scipy": "scipy",
        "matplotlib": "matplotlib",
        "jinja2": "jinja2",
    },
    "postgres": {"psycopg": "psycopg"},
    "s3": {"boto3": "boto3"},
    "service": {
        "fastapi": "fastapi",
        "fastapi_offline": "fastapi-offline",
        "httptools": "httptools",
        "prometheus_client": "prometheus-client",
        "python_multipart": "python-multipart",
        "throttled": "throttled-py",
        "uvicorn": "uvicorn",
    },
}
"""By the name of an extra: the modules that its work imports, and the packages they come with.

uvloop, which makes the service faster and is not needed, is left out.
"""


def missing_packages(extra: str) -> list[str]:
    """The packages of an extra that are not installed."""
    return [package for module, package in EXTRAS[extra].items() if find_spec(module) is None]
