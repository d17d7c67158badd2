"""Queries over one shadowed module that survive a column or a page size which this organisation refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from activity_sync.model.failures import Refused
from activity_sync.model.ports import ShadowRow
from activity_sync.model.records import Module, OrgFacts
from activity_sync.zoho.client import Client
from activity_sync.zoho.columns import Columns
from activity_sync.zoho.coql import FEW_ROWS, Page, Query, is_limit, refused_column, run
from activity_sync.zoho.payloads import Addressing, to_row
from activity_sync.zoho.refusals import ZohoRefused


@dataclass(frozen=True, slots=True)
class Asking:
    """What a reading of the shadow's modules needs."""

    client: Client
    columns: Columns
    how: Addressing

    def page(
        self, module: Module, org: OrgFacts, query: Query, what: str, purpose: str = "reading"
    ) -> tuple[Page, int]:
        """A page of this query with all columns of the module, and the limit that was granted in the end.

        A column that is refused is left out from now on, and a limit that is refused is halved.
        Raises what `Client.send` raises.
        """
        while True:
            query = replace(query, columns=self.columns.of(module, org))
            try:
                return run(self.client, query, what, purpose), query.limit
            except ZohoRefused as error:
                query = self._milder(module, query, error)

    def rows(self, module: Module, page: Page) -> list[ShadowRow]:
        """The rows of a page as the shadow holds them."""
        return [to_row(module, row, self.how) for row in page.rows]

    def _milder(self, module: Module, query: Query, error: ZohoRefused) -> Query:
        if self.drop_refused(module, query, error):
            return query
        if is_limit(error) and query.limit > FEW_ROWS:
            return replace(query, limit=max(FEW_ROWS, query.limit // 2))
        raise error

    def drop_refused(self, module: Module, query: Query, error: ZohoRefused) -> bool:
        """Whether the refusal was about a column, which is left out from now on."""
        column = refused_column(error, [name for name in query.columns if name not in query.where])
        if not column or column in {"id", "Modified_Time"}:
            return False
        self.columns.refuse(module, column)
        return True


def readable(module: Module, org: OrgFacts) -> bool:
    """Whether the org has this module for us; unknown metadata speaks for it."""
    return not org.fields or module in org.fields


def need_readable(module: Module, org: OrgFacts) -> None:
    """Raises Refused when the org does not have the module for us."""
    if not readable(module, org):
        raise Refused(
            f"{module} cannot be read: the module is missing, or the connected Zoho user may not see it",
            f"give the connected Zoho user the right to read {module}",
        )
