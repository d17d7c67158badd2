"""The index of addresses begins with the address: finding one takes fewer comparisons than behind its kind.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new."""
    op.drop_index("address_value", table_name="address")
    op.create_index("address_value", "address", ["value", "kind"], unique=False)


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
