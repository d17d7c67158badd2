"""Rules that people's answers became; activities that others logged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_rule',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('module', sa.String(), nullable=False),
    sa.Column('zoho_id', sa.String(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('kind', 'value', 'answer'),
    sqlite_autoincrement=True
    )
    op.create_table('other_activity',
    sa.Column('zoho_id', sa.String(), nullable=False),
    sa.Column('module', sa.String(), nullable=False),
    sa.Column('owner_id', sa.String(), nullable=False),
    sa.Column('starts', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what_id', sa.String(), nullable=False),
    sa.Column('what_module', sa.String(), nullable=False),
    sa.Column('who_id', sa.String(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('modified', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('zoho_id')
    )
    with op.batch_alter_table('other_activity', schema=None) as batch_op:
        batch_op.create_index('other_activity_place', ['owner_id', 'module', 'starts'], unique=False)
        batch_op.create_index(batch_op.f('ix_other_activity_taken_by'), ['taken_by'], unique=False)


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
