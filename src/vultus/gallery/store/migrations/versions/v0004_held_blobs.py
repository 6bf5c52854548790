"""Blobs that are held for a face to be written.

What stands here was run on stores that people have: it is never changed, only followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Let blobs be held; those that are listed are to be deleted as they were."""
    op.add_column("doomed_blobs", sa.Column("held_until", MOMENT))
