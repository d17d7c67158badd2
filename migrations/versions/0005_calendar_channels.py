"""Channels by which calendars push; who was in online meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('channel',
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('resource', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('error', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('source', 'part')
    )
    op.create_table('attendance',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('ours', sa.Integer(), nullable=False),
    sa.Column('others', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('key')
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_next_at'), ['next_at'], unique=False)


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
