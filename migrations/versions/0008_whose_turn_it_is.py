"""The index by which turns are found has their whole order: with half a million due, no round sorts them again. What
somebody did around a time is found without looking through all that anybody did.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN = sa.text("judge_at IS NOT NULL")


def upgrade() -> None:
    """Add what is new."""
    op.drop_index("ix_interaction_judge_at", table_name="interaction")
    op.create_index(
        "interaction_turn", "interaction", ["judge_at", "starts", "key"], unique=False, sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )  # fmt: skip
    op.create_index("interaction_owner", "interaction", ["owner_id", "kind", "starts"], unique=False)


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
