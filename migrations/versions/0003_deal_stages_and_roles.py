"""A write that must not meet a later change; the users' roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unless_changed_since', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('zoho_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.Text(), nullable=True))
    op.execute("UPDATE zoho_user SET role = ''")
    with op.batch_alter_table('zoho_user', schema=None) as batch_op:
        batch_op.alter_column('role', existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
