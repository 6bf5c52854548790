"""Columns that SQLite and PostgreSQL keep each in their own way."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType


class RealArray(UserDefinedType[NDArray[np.float32]]):
    """PostgreSQL's `real[]`; `sql.postgres` teaches the driver to read and write it as numpy."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name the type in DDL."""
        return "REAL[]"


class Vector(TypeDecorator[NDArray[np.float32]]):
    """(D,) float32: little-endian bytes in SQLite, `real[]` in PostgreSQL.

    `real[]` and no bytes, because pgvector casts it to its own type inside an index.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        return dialect.type_descriptor(
            RealArray() if dialect.name == "postgresql" else LargeBinary()
        )

    def process_bind_param(self, value: NDArray[np.float32] | None, dialect: Dialect) -> Any:
        """Write a vector."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astype("<f4", copy=False).tobytes()

    def process_result_value(self, value: Any, dialect: Dialect) -> NDArray[np.float32] | None:
        """Read a vector."""
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]
        return np.frombuffer(value, dtype="<f4")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment; always aware, always UTC. In SQLite text, which sorts as the moments do."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        return dialect.type_descriptor(
            DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Write a moment."""
        if value is None or dialect.name == "postgresql":
            return value
        return _written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if value is None:
            return None
        moment = value if dialect.name == "postgresql" else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


# All rows of one write carry the same moment.
@lru_cache(maxsize=16)
def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
