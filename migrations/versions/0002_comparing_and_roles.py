"""What a comparison has seen, contact roles, when Zoho dated our writes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deal_role',
    sa.Column('deal_id', sa.String(), nullable=False),
    sa.Column('contact_ids', sa.Text(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('deal_id')
    )
    op.create_table('seen_record',
    sa.Column('zoho_id', sa.String(), nullable=False),
    sa.Column('module', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('zoho_id', 'module'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('written', schema=None) as batch_op:
        batch_op.add_column(sa.Column('modified', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
