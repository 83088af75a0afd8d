"""The tables as the tenth form of the SQLite file has them; the first that was on a server."""

from prodsim.extras import optional_packages

with optional_packages():
    import sqlalchemy as sa
    from alembic import op

revision = "10.10"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table("about", _text("name"), sa.Column("changes", sa.BigInteger, nullable=False))
    op.create_table(
        "judgement",
        *_texts("sku_a", "sku_b", "query"),
        sa.Column("grade", sa.Double, sa.CheckConstraint("grade BETWEEN 0 AND 1"), nullable=False),
        *_texts("who", "when"),
        _number("rowid"),
        sa.UniqueConstraint("sku_a", "sku_b", "query"),
    )
    op.create_table(
        "setting",
        *_texts("name", "value"),
        sa.Column("is_default", sa.Integer, nullable=False, server_default="0"),
        *(_text(name, server_default="") for name in ("who", "when")),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "decided",
        _number("id"),
        *_texts("key", "kind", "skus", "action", "keep", "note", "who", "when", "looked", "session"),
        sa.Column("step", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decided_key", "decided", ["key"])
    op.create_table(
        "checked",
        *_texts("version", "level", "when"),
        sa.Column("products", sa.BigInteger, nullable=False),
        *_texts("counts"),
        sa.Column("faulty", sa.BigInteger),
        _number("rowid"),
        sa.UniqueConstraint("version", "level"),
    )
    op.create_table(
        "ruled",
        *_texts("name"),
        sa.Column("version", sa.Integer, nullable=False),
        *_texts("text", "who", "when"),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_table(
        "chosen",
        *_texts("words", "sku"),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("words", "sku"),
    )
    op.create_table(
        "matched",
        _number("id"),
        *_texts("other", "sku_a", "sku_b", "verdict", "note", "who", "when", "session"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table("viewed", *_texts("name", "page", "params", "who", "when"), sa.PrimaryKeyConstraint("name"))
    op.create_table(
        "shortlisted",
        _number("id"),
        *_texts("list", "sku"),
        sa.Column("is_on", sa.Integer, nullable=False),
        *_texts("note", "who", "when"),
        sa.Column("step", sa.BigInteger, nullable=False),
        *_texts("session"),
        sa.PrimaryKeyConstraint("id"),
    )


def _text(name: str, server_default: str | None = None) -> "sa.Column[str]":
    """Return a column of text, in the order of its code points, as SQLite and Python have it."""
    return sa.Column(name, sa.String(collation="C"), nullable=False, server_default=server_default)


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [_text(name) for name in names]


def _number(name: str) -> "sa.Column[int]":
    """Return a column that counts the rows in the order in which they came."""
    return sa.Column(name, sa.BigInteger, sa.Identity(), nullable=False)
