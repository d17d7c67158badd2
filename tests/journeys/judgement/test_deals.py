"""Which deal: every strategy in turn, closed ones, roles, several pipelines, and what is left undecided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activity_sync.simulator.mishaps import Mishap, _Planned
from activity_sync.simulator.scenes.actions import At
from activity_sync.simulator.world.cast import ANA, JO, MAX
from tests.journeys.company import Company
from tests.journeys.conftest import Founded
from tests.journeys.judgement.acting import BEFORE, Records, explained, meet, previewed, where

EVERY = [
    "has_participant",
    "owner_attended",
    "owned_by_rep",
    "open_at_the_time",
    "closes_soonest",
    "modified_last",
    "created_last",
]
TYPES = [
    {"name": "Renewal talk", "when": {"pipeline": "Renewals", "stage": "Renewal due"}, "then": {}},
    {"name": "Other", "when": {}, "then": {"subject": "{{ title }}"}},
]
Deal = tuple[str, dict[str, Any]]


def cases(company: Company) -> dict[str, tuple[Deal, Deal, str]]:
    """Two deals of one account each; the second is the one to be taken, for the reason given."""
    start, add = BEFORE.moment(company.stage.now), Records(company)
    jo, ana, max_ = (add.user(one) for one in (JO, ANA, MAX))

    def on(days: int) -> str:
        return f"{start + timedelta(days=days):%Y-%m-%d}"

    same = {"Closing_Date": on(40)}
    return {
        "contact": (("x", {}), ("y", {"Contact_Name": "guest"}), "somebody who takes part is its contact"),
        "role": (("x", {}), ("y", {"role": True}), "has a role in it"),
        "attended": (("x", {"Owner": max_}), ("y", {"Owner": ana}), "its owner takes part"),
        "of the rep": (("x", {"Owner": ana}), ("y", {"Owner": jo}), "the rep owns it"),
        "made later": (("x", {"Created_Time": start + timedelta(days=1, hours=1)}), ("y", {}), "open at the time"),
        "closed before": (
            ("x", {"Stage": "Closed Won", "Closing_Date": on(-20)}),
            ("y", {"Stage": "Closed Lost", "Closing_Date": on(0)}),
            "open at the time",
        ),
        "closes": (("x", {"Closing_Date": on(60)}), ("y", {"Closing_Date": on(30)}), "it closes first"),
        "past": (("x", {"Closing_Date": on(-60)}), ("y", {"Closing_Date": on(-30)}), "it closes first"),
        "changed": (
            ("x", same),
            ("y", {**same, "Modified_Time": start - timedelta(days=30)}),
            "it was changed last",
        ),
        "made": (("x", same), ("y", {**same, "Created_Time": start - timedelta(days=100)}), "it was made last"),
        "pipelines": (
            ("x", {"Pipeline": "Renewals", "Stage": "Closed Lost", "Closing_Date": on(-50)}),
            ("y", {"Pipeline": "Renewals", "Stage": "Renewal due"}),
            "open at the time",
        ),
    }


def populated(found: Founded) -> Company:
    company = found([], activity_types=TYPES)
    company.stage.zoho.add_pipeline("Renewals", ["Renewal due", "Closed Won", "Closed Lost"])
    add = Records(company)
    for name, deals in cases(company).items():
        account = add.account(f"Firm {name}")
        guest = add.contact(f"Guest {name}", account, Email=mail(name))
        for label, fields in deals[:2]:
            told = {key: value for key, value in fields.items() if key != "role"}
            if told.get("Contact_Name"):
                told["Contact_Name"] = {"id": guest}
            deal = add.deal(f"{name} {label}", account, **told)
            if fields.get("role"):
                company.stage.zoho.set_role(deal, guest)
        reps = (JO, ANA) if name in ("attended", "of the rep") else (JO,)
        meet(company, name, mail(name), reps=reps)
    return company


def mail(name: str) -> str:
    return f"guest@{name.replace(' ', '-')}.example"


def prefer(company: Company, **matching: Any) -> dict[str, dict[str, Any]]:
    company.configure(matching=matching)
    return previewed(company)


def test_every_strategy_decides_where_those_before_it_could_not(found: Founded) -> None:
    company = populated(found)
    rows = prefer(company, deal_preference=EVERY, include_closed=True, deal_margin="1d")
    wanted = cases(company)
    assert {name: where(row)[1] for name, row in rows.items()} == {name: f"deal {name} y" for name in wanted}
    for name, (_, _, why) in wanted.items():
        assert any(why in line for line in rows[name]["trace"]), (name, rows[name]["trace"])
    assert (rows["pipelines"]["type"], rows["made"]["type"]) == ("Renewal talk", "Other")

    first = prefer(company, deal_preference=["created_first"], include_closed=False)
    assert {name: where(first[name])[1] for name in ("made", "closed before", "pipelines")} == {
        "made": "deal made x",
        "closed before": "account Firm closed before",
        "pipelines": "deal pipelines y",
    }
    undecided_deals_go_where_ambiguous_says(company)


def undecided_deals_go_where_ambiguous_says(company: Company) -> None:
    company.configure(matching={"deal_preference": ["has_participant"], "include_closed": False})
    best = prefer(company, ambiguous="best")
    assert where(best["changed"])[:2] == ("planned", "deal changed y")
    assert "The first of 2 deals is taken: changed y." in best["changed"]["trace"]
    waits = prefer(company, ambiguous="review")
    assert (where(waits["closes"])[0], waits["closes"]["reason"]) == ("waiting", "2 deals could be meant")
    assert where(waits["role"])[1] == "deal role y"

    company.configure(matching={"ambiguous": "certain"})
    company.sync()
    assert where(company.row("closes")) == ("logged", "account Firm closes", "Guest closes")
    told = explained(company, company.row("closes")["key"])
    assert "+ closes x (deal): one of 2 open deals that nothing tells apart" in told
    assert "or had a role in it, it would go there: closes x, closes y." in told
    told = explained(company, company.row("role")["key"])
    assert "- role x (deal): another goes before it: somebody who takes part is its contact or has a role" in told
    assert "If somebody who took part were the contact of this deal, or had a role in it" in told


def test_an_interaction_waits_for_contact_roles_that_cannot_be_had_and_is_judged_when_they_can(found: Founded) -> None:
    company = found([])
    zoho, add = company.stage.zoho, Records(company)
    account = add.account("Roles Ltd")
    guest = add.contact("Rolf Roles", account, Email="rolf@roles.example")
    deals = [add.deal(f"Roles {name}", account) for name in ("one", "two", "three", "four")]
    zoho.set_role(deals[2], guest)
    alone = add.account("Single Ltd")
    add.contact("Sina Single", alone, Email="sina@single.example")
    add.deal("Single only", alone)
    meet(company, "Roles", "rolf@roles.example")
    meet(company, "Single", "sina@single.example", at=At(-1, "10:00"))
    company.set_ = {"activity_sync.rules.judgement:ROLES_AGAIN": {"seconds": 0}}
    asked = lambda request: "Contact_Roles" in f"{request.path}{request.body}"  # noqa: E731
    zoho.mishaps._planned.append(_Planned(Mishap.ERROR_BEFORE, asked, 99, 0.0))
    company.sync()
    row = company.row("Roles")
    assert (row["state"], row["reason"]) == ("waiting", "the contact roles of 4 deals are still to be read")
    assert where(company.row("Single"))[:2] == ("logged", "deal Single only")
    told = explained(company, row["key"])
    assert "It waits: the contact roles of 4 deals are still to be read." in told
    assert "Once Zoho has told the contact roles of these deals" in told

    zoho.mishaps.clear()
    asked_before = len(zoho.requests)
    meet(company, "Roles again", "rolf@roles.example", at=At(-1, "12:00"))
    company.sync()
    assert where(company.row("Roles again")) == ("logged", "deal Roles three", "Rolf Roles")
    reads = [one for one in zoho.requests[asked_before:] if "Contact_Roles" in f"{one.path}{one.body}"]
    assert len(reads) == 1  # four deals in one Composite, for both meetings
    assert where(company.row("Roles")) == ("logged", "deal Roles three", "Rolf Roles")
