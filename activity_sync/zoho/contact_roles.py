"""The contacts that have a role in a deal: five deals for a credit; there is no bulk route (zoho.md 6.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from activity_sync.model.failures import TryLater
from activity_sync.zoho import composite
from activity_sync.zoho.client import Answer, Call, Client, ScopeMissing
from activity_sync.zoho.composite import AT_MOST, Part, PartAnswer
from activity_sync.zoho.coql import COMPOSITE_ROWS
from activity_sync.zoho.refusals import ZohoRefused

_PER_PAGE = 200
_MOST_PAGES = 20
_FIELDS = "Full_Name"


def read_roles(client: Client, deal_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The contact ids by deal. A deal whose roles we may not see, or that is gone, has none.

    Raises what `Client.send` raises.
    """
    found: dict[str, frozenset[str]] = {}
    wanted = list(dict.fromkeys(deal_ids))
    for start in range(0, len(wanted), AT_MOST):
        some = wanted[start : start + AT_MOST]
        for deal_id, answer in zip(some, _answers(client, some), strict=True):
            found[deal_id] = _contacts(client, deal_id, answer)
    return found


def _answers(client: Client, deal_ids: Sequence[str]) -> Sequence[PartAnswer]:
    if len(deal_ids) > 1:
        parts = [
            Part(name=f"deal{number}", method="GET", path=_path(one), params=_params(COMPOSITE_ROWS))
            for number, one in enumerate(deal_ids)
        ]
        try:
            answers = composite.send(client, parts, "contact roles")
        except (ZohoRefused, ScopeMissing):
            answers = None
        if answers is not None:
            return answers
    return [_alone(client, one) for one in deal_ids]


def _alone(client: Client, deal_id: str, page: int = 1) -> PartAnswer:
    params = {**_params(_PER_PAGE), "page": str(page)}
    try:
        answer = client.send(Call(method="GET", path=_path(deal_id), params=params, what="contact roles"))
    except ZohoRefused as refused:
        return PartAnswer(refused.status, fault=refused.fault)
    except ScopeMissing:
        return PartAnswer(401)
    return PartAnswer(answer.status, answer.body)


def _contacts(client: Client, deal_id: str, answer: PartAnswer) -> frozenset[str]:
    if answer.status == 0 or answer.status >= 500:
        raise TryLater("Zoho did not carry out the reading of contact roles")
    if not answer.is_good or answer.status == 401:
        return frozenset()
    ids, page, last = _ids(answer.answer), 1, answer.answer
    if last.more():  # more than a Composite shows: from the first page on, in larger ones
        ids = frozenset()
        while page <= _MOST_PAGES:
            last = _alone(client, deal_id, page).answer
            ids |= _ids(last)
            if not last.more():
                break
            page += 1
    return ids


def _ids(answer: Answer) -> frozenset[str]:
    return frozenset(row["id"] for row in answer.rows() if isinstance(row.get("id"), str))


def _path(deal_id: str) -> str:
    return f"/Deals/{deal_id}/Contact_Roles"


def _params(rows: int) -> dict[str, str]:
    return {"fields": _FIELDS, "per_page": str(rows)}
