"""Galleries, subjects, faces, merges and audit events, and how subjects are searched.

What stands here was run on stores that people have: it is never changed, only followed by another.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
VECTOR = sa.LargeBinary().with_variant(postgresql.ARRAY(sa.REAL()), "postgresql")

LIVE = "deleted_at IS NULL"
DELETED = "deleted_at IS NOT NULL"


def upgrade() -> None:
    """Make everything in an empty database."""
    _make_galleries()
    _make_subjects()
    _make_faces()
    _make_merges()
    _make_audit()
    if op.get_context().dialect.name == "sqlite":
        _make_sqlite_search()
    else:
        _make_postgres_search()


def _make_galleries() -> None:
    _create_table(
        "galleries",
        _key(),
        _text("id"),
        _text("name"),
        _text("pack"),
        _text("pack_version"),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("keep_crops", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("purged_revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
    )
    _create_index("galleries_id", "galleries", "id", unique=True)
    _create_index("galleries_name", "galleries", "name", unique=True, where=LIVE)


def _make_subjects() -> None:
    _create_table(
        "subjects",
        _key(),
        _text("id"),
        _reference("subjects", "gallery_key", "galleries"),
        _text("name"),
        _text("external_id", nullable=True),
        sa.Column("attributes", DOCUMENT, nullable=False),
        _text("consent", nullable=True),
        sa.Column("retain_until", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("search_text"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
    )
    _create_index("subjects_gallery", "subjects", "gallery_key", "key")
    _create_index("subjects_id", "subjects", "id", "gallery_key", unique=True, where=LIVE)
    _create_index(
        "subjects_external_id",
        "subjects",
        "external_id",
        "gallery_key",
        unique=True,
        where=f"external_id IS NOT NULL AND {LIVE}",
    )
    _create_index(
        "subjects_retain_until",
        "subjects",
        "retain_until",
        where=f"retain_until IS NOT NULL AND {LIVE}",
    )
    _create_index("subjects_deleted", "subjects", "deleted_at", where=DELETED)


def _make_faces() -> None:
    _create_table(
        "faces",
        _key(),
        _text("id"),
        _reference("faces", "gallery_key", "galleries"),
        _reference("faces", "subject_key", "subjects"),
        sa.Column("template", VECTOR, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("resultant", sa.Double(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.Double()),
        sa.Column("quality_reasons", DOCUMENT),
        sa.Column("box", DOCUMENT),
        _text("source_digest", nullable=True),
        _text("crop", nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
    )
    _create_index("faces_changes", "faces", "gallery_key", "revision", "key")
    _create_index("faces_id", "faces", "id", "gallery_key", unique=True, where=LIVE)
    _create_index("faces_subject", "faces", "subject_key")
    _create_index(
        "faces_source",
        "faces",
        "source_digest",
        "gallery_key",
        "subject_key",
        unique=True,
        where=f"source_digest IS NOT NULL AND {LIVE}",
    )
    _create_index("faces_deleted", "faces", "deleted_at", where=DELETED)
    _create_table(
        "folded_sources",
        _reference("folded_sources", "face_key", "faces", own=True, primary=True),
        sa.Column("source_digest", sa.Text(), primary_key=True),
        _reference("folded_sources", "gallery_key", "galleries"),
        counted=False,
    )
    _create_index("folded_sources_digest", "folded_sources", "source_digest", "gallery_key")


def _make_merges() -> None:
    _create_table(
        "merges",
        _key(),
        _text("id"),
        _reference("merges", "gallery_key", "galleries"),
        _reference("merges", "into_key", "subjects"),
        sa.Column("at", MOMENT, nullable=False),
    )
    _create_index("merges_id", "merges", "id", "gallery_key", unique=True)
    _create_index("merges_into", "merges", "into_key")
    _create_table(
        "merged_subjects",
        _reference("merged_subjects", "merge_key", "merges", own=True, primary=True),
        _reference("merged_subjects", "subject_key", "subjects", primary=True),
        counted=False,
    )
    _create_index("merged_subjects_subject", "merged_subjects", "subject_key")
    _create_table(
        "merged_faces",
        _reference("merged_faces", "merge_key", "merges", own=True, primary=True),
        _reference("merged_faces", "face_key", "faces", own=True, primary=True),
        _reference("merged_faces", "from_key", "subjects"),
        counted=False,
    )
    _create_index("merged_faces_face", "merged_faces", "face_key")
    _create_index("merged_faces_from", "merged_faces", "from_key")


def _make_audit() -> None:
    _create_table(
        "audit_events",
        _key("sequence"),
        sa.Column("at", MOMENT, nullable=False),
        _text("actor"),
        _text("action"),
        _text("gallery_id", nullable=True),
        _text("subject_id", nullable=True),
        sa.Column("details", DOCUMENT, nullable=False),
    )
    _create_index("audit_events_gallery", "audit_events", "gallery_id", "sequence")
    _create_index("audit_events_subject", "audit_events", "subject_id", "sequence")
    _create_table("doomed_blobs", sa.Column("name", sa.Text(), primary_key=True), counted=False)


def _make_sqlite_search() -> None:
    # Text comes in normalised, so every character but a space belongs to a word; the tokenizer's
    # own tables know no letter or emoji that is younger than Unicode 6.1. No triggers fill these
    # tables: FTS5 writes a segment whenever one runs, which takes many times as long.
    op.execute(
        "CREATE VIRTUAL TABLE subject_words USING fts5(words, content='', prefix='2 3', tokenize="
        "\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
    )
    op.execute(
        "CREATE VIRTUAL TABLE subject_trigrams USING fts5(words, content='', tokenize='trigram')"
    )


def _make_postgres_search() -> None:
    # No parser: the words are ready, and a parser would drop emoji.
    op.execute(
        "CREATE INDEX subjects_words ON subjects"
        " USING gin (array_to_tsvector(string_to_array(search_text, ' ')))"
    )
    op.execute("CREATE INDEX subjects_attributes ON subjects USING gin (attributes jsonb_path_ops)")


def _create_table(name: str, *columns: sa.Column[Any], counted: bool = True) -> None:
    op.create_table(name, *columns, sqlite_autoincrement=counted)


def _create_index(
    name: str, table: str, *columns: str, unique: bool = False, where: str = ""
) -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        name,
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _key(name: str = "key") -> sa.Column[int]:
    return sa.Column(name, INTEGER, primary_key=True, autoincrement=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _reference(
    table: str, name: str, to: str, *, own: bool = False, primary: bool = False
) -> sa.Column[int]:
    target = sa.ForeignKey(
        f"{to}.key", name=f"fk_{table}_{name}", ondelete="CASCADE" if own else None
    )
    return sa.Column(
        name, INTEGER, target, primary_key=primary, autoincrement=False, nullable=False
    )
