"""What undo, backfill and forgetting need to know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('before', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('sent_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('undoes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('purpose', sa.String(), nullable=True))
        batch_op.create_index(batch_op.f('ix_outbox_sent_by'), ['sent_by'], unique=False)
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.add_column(sa.Column('undone', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('backfilled', sa.Integer(), nullable=True))
    op.create_table('forgotten',
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('value')
    )


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
