"""The tables of the store. The migrations make them; a test holds the two together.

`key` is the integer a row is joined and indexed by, never used again; `id` is its name outside.
`deleted_at` marks what is deleted and not purged yet; ids and external ids are unique among the
rest. Every change of a face stamps it with the gallery's new `revision`.

For an index inside PostgreSQL: pgvector casts `faces.template` in an expression, as in `CREATE
INDEX … ON faces USING hnsw ((template::vector(128)) vector_cosine_ops) WHERE gallery_key = 7 AND
deleted_at IS NULL`. Such an index changes in the same transaction as the face.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from vultus.gallery.store.sql.types import UtcDateTime, Vector

metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}
)


def _integer() -> TypeEngine[int]:
    # SQLite counts a key up by itself only where its type is called INTEGER.
    return BigInteger().with_variant(Integer, "sqlite")


def _document() -> TypeEngine[Any]:
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _key() -> Column[int]:
    return Column("key", _integer(), primary_key=True, autoincrement=True)


def _reference(name: str, table: str, *, own: bool = False, primary: bool = False) -> Column[int]:
    target = ForeignKey(f"{table}.key", ondelete="CASCADE" if own else None)
    return Column(
        name, _integer(), target, primary_key=primary, autoincrement=False, nullable=False
    )


def _index(name: str, *columns: Column[Any], unique: bool = False, where: str = "") -> Index:
    condition = text(where) if where else None
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


LIVE = "deleted_at IS NULL"
DELETED = "deleted_at IS NOT NULL"

galleries = Table(
    "galleries",
    metadata,
    _key(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("dim", Integer, nullable=False),
    Column("keep_crops", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    # The newest revision at which a face was removed that is purged by now.
    Column("purged_revision", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("policy", Text),
    Column("fpir", Double),
    sqlite_autoincrement=True,
)
_index("galleries_id", galleries.c.id, unique=True)
_index("galleries_name", galleries.c.name, unique=True, where=LIVE)

subjects = Table(
    "subjects",
    metadata,
    _key(),
    Column("id", Text, nullable=False),
    _reference("gallery_key", "galleries"),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("attributes", _document(), nullable=False),
    Column("consent", Text),
    Column("retain_until", Date),
    Column("version", Integer, nullable=False),
    # The words it is found by: see words.py.
    Column("search_text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    sqlite_autoincrement=True,
)
_index("subjects_gallery", subjects.c.gallery_key, subjects.c.key)
_index("subjects_id", subjects.c.id, subjects.c.gallery_key, unique=True, where=LIVE)
_index(
    "subjects_external_id",
    subjects.c.external_id,
    subjects.c.gallery_key,
    unique=True,
    where=f"external_id IS NOT NULL AND {LIVE}",
)
_index(
    "subjects_retain_until",
    subjects.c.retain_until,
    where=f"retain_until IS NOT NULL AND {LIVE}",
)
_index("subjects_deleted", subjects.c.deleted_at, where=DELETED)

faces = Table(
    "faces",
    metadata,
    _key(),
    Column("id", Text, nullable=False),
    _reference("gallery_key", "galleries"),
    _reference("subject_key", "subjects"),
    Column("template", Vector, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("resultant", Double, nullable=False),
    Column("running", Boolean, nullable=False),
    Column("quality", Double),
    Column("quality_reasons", _document()),
    Column("box", _document()),
    Column("source_digest", Text),
    Column("crop", Text),
    Column("revision", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    sqlite_autoincrement=True,
)
_index("faces_changes", faces.c.gallery_key, faces.c.revision, faces.c.key)
_index("faces_id", faces.c.id, faces.c.gallery_key, unique=True, where=LIVE)
_index("faces_subject", faces.c.subject_key)
_index(
    "faces_source",
    faces.c.source_digest,
    faces.c.gallery_key,
    faces.c.subject_key,
    unique=True,
    where=f"source_digest IS NOT NULL AND {LIVE}",
)
_index("faces_deleted", faces.c.deleted_at, where=DELETED)

folded_sources = Table(
    "folded_sources",
    metadata,
    _reference("face_key", "faces", own=True, primary=True),
    Column("source_digest", Text, primary_key=True),
    _reference("gallery_key", "galleries"),
)
_index("folded_sources_digest", folded_sources.c.source_digest, folded_sources.c.gallery_key)

merges = Table(
    "merges",
    metadata,
    _key(),
    Column("id", Text, nullable=False),
    _reference("gallery_key", "galleries"),
    _reference("into_key", "subjects"),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)
_index("merges_id", merges.c.id, merges.c.gallery_key, unique=True)
_index("merges_into", merges.c.into_key)

merged_subjects = Table(
    "merged_subjects",
    metadata,
    _reference("merge_key", "merges", own=True, primary=True),
    _reference("subject_key", "subjects", primary=True),
)
_index("merged_subjects_subject", merged_subjects.c.subject_key)

merged_faces = Table(
    "merged_faces",
    metadata,
    _reference("merge_key", "merges", own=True, primary=True),
    _reference("face_key", "faces", own=True, primary=True),
    _reference("from_key", "subjects"),
)
_index("merged_faces_face", merged_faces.c.face_key)
_index("merged_faces_from", merged_faces.c.from_key)

audit_events = Table(
    "audit_events",
    metadata,
    Column("sequence", _integer(), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    # Ids and no references: events outlive what they tell of.
    Column("gallery_id", Text),
    Column("subject_id", Text),
    Column("details", _document(), nullable=False),
    sqlite_autoincrement=True,
)
_index("audit_events_gallery", audit_events.c.gallery_id, audit_events.c.sequence)
_index("audit_events_subject", audit_events.c.subject_id, audit_events.c.sequence)

doomed_blobs = Table(
    "doomed_blobs",
    metadata,
    Column("name", Text, primary_key=True),
    # Until then a face may be written that takes the blob; empty: it is to be deleted.
    Column("held_until", UtcDateTime),
)

api_keys = Table(
    "api_keys",
    metadata,
    _key(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("gallery_id", Text),
    # The secret itself stands nowhere: see usecases/serving/keys.py.
    Column("digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    sqlite_autoincrement=True,
)
_index("api_keys_id", api_keys.c.id, unique=True)
_index("api_keys_digest", api_keys.c.digest, unique=True)

answers = Table(
    "answers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("token", Text, nullable=False),
    Column("request_digest", Text, nullable=False),
    Column("claimed_until", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # Set in the transaction of the write itself: a process that dies leaves no doubt.
    Column("written", Boolean, nullable=False),
    Column("status", Integer),
    Column("headers", _document()),
    Column("body", LargeBinary),
)
_index("answers_expires_at", answers.c.expires_at)
