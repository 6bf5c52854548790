"""How a gallery's threshold follows its size.

What stands here was run on stores that people have: it is never changed, only followed by another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let galleries have a policy; those that are there keep to the settings."""
    op.add_column("galleries", sa.Column("policy", sa.Text()))
    op.add_column("galleries", sa.Column("fpir", sa.Double()))
