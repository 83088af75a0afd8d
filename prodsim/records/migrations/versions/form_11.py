"""Decisions about categories."""

from prodsim.extras import optional_packages

with optional_packages():
    import sqlalchemy as sa
    from alembic import op

revision = "10.11"
down_revision = "10.10"


def upgrade() -> None:
    """Make their table."""
    texts = (
        sa.Column(name, sa.String(collation="C"), nullable=False)
        for name in ("other", "category", "other_category", "who", "when")
    )
    op.create_table("aligned", *texts, sa.UniqueConstraint("other", "category"))
