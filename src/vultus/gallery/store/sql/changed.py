"""What a change changes."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from vultus.domain.changes import SubjectChange, Unchanged
from vultus.gallery.store.requests import GalleryChange
from vultus.gallery.store.sql.database import canonical_json


def changed_fields(change: GalleryChange | SubjectChange, row: Row[Any]) -> dict[str, Any]:
    """The fields of a change that are given and differ from what stands in the row."""
    given = {field.name: getattr(change, field.name) for field in fields(change)}
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in given.items()
        if not isinstance(value, Unchanged) and not _is_same(value, getattr(row, name))
    }


def _is_same(value: Any, there: Any) -> bool:
    if isinstance(value, Mapping):
        # Python takes 1, 1.0 and True for equal; JSON does not.
        return canonical_json(dict(value)) == canonical_json(there)
    return bool(value == there)
