"""Values → what a server is asked with."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vultus.domain.changes import NewSubject, SubjectChange, Unchanged
from vultus.domain.face import Box
from vultus.domain.subject import Attributes, Typed
from vultus.errors import InvalidValue


def flags(**given: str | float | bool | None) -> dict[str, str]:
    """Parameters of an address; what is None is left out."""
    return {name: _text(value) for name, value in given.items() if value is not None}


def wanted(attributes: Attributes) -> dict[str, str]:
    """Attributes that must equal, as parameters; text goes as JSON, so that "7" is no number."""
    return {
        f"attributes.{key}": value.text if isinstance(value, Typed) else json.dumps(value)
        for key, value in attributes.items()
    }


def corners(box: Box | None) -> str | None:
    """A box, in pixels of the file."""
    return None if box is None else ",".join(map(str, box.xyxy))


def version(expected: int | None) -> dict[str, str]:
    """The header by which a change is refused if the subject has another version; None: any."""
    return {} if expected is None else {"if-match": f'"{expected}"'}


def new(subject: NewSubject) -> dict[str, Any]:
    """A subject to create."""
    until = subject.retain_until
    return {
        "name": subject.name,
        "external_id": subject.external_id,
        "attributes": dict(subject.attributes),
        "consent": subject.consent,
        "retain_until": until.isoformat() if until else None,
    }


def changed(change: SubjectChange) -> dict[str, Any]:
    """What to change of a subject: what stays as it is is left out."""
    said = {
        "name": change.name,
        "external_id": change.external_id,
        "attributes": change.attributes,
        "consent": change.consent,
        "retain_until": change.retain_until,
    }
    return {name: _plain(value) for name, value in said.items() if not isinstance(value, Unchanged)}


def rows(vectors: ArrayLike) -> list[list[float]]:
    """Ready templates, (N, D) or (D,) numbers, as rows.

    Raises:
        InvalidValue: they are no rows of equally many finite numbers.
    """
    try:
        found = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise InvalidValue("templates", "they are no rows of equally many numbers") from error
    if found.ndim != 2 or not np.isfinite(found).all():
        raise InvalidValue("templates", "rows of finite numbers are needed")
    listed: list[list[float]] = found.tolist()
    return listed


def _text(value: str | float | bool) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
