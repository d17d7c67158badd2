"""Those who have a part in the scenes. What is odd about each is said beside it."""

from __future__ import annotations

from datetime import date, timedelta

from activity_sync.simulator.world.company import DOMAIN, Account, Contact, Deal, Lead, Rep

JO, MAX, ANA, KIM, SAM, LEE, OPS = (f"{name}@{DOMAIN}" for name in ("jo", "max", "ana", "kim", "sam", "lee", "ops"))

REPS = (
    Rep(email=JO, first="Jo", last="Smith", line="+44 20 7946 0101"),
    Rep(email=MAX, first="Max", last="Stone", time_zone="Europe/Berlin", line="+44 20 7946 0102"),
    Rep(email=ANA, first="Ana", last="Lima", time_zone="Europe/Lisbon", line="+44 20 7946 0103"),
    Rep(email=KIM, first="Kim", last="Park", time_zone="America/New_York", line="+44 20 7946 0104"),
    Rep(email=SAM, first="Sam", last="Reed", line="+44 20 7946 0105"),
    Rep(email=LEE, first="Lee", last="Gray", line="+44 20 7946 0106", active=False),  # left the company
)
KEEPER = Rep(email=OPS, first="Robin", last="Vale")
"""Revenue operations: owns what no active rep can own."""

ACCOUNTS = (
    Account(name="Brightwater Foods", owner=JO, website="https://www.brightwater.example/", phone="+44 1632 960101"),
    Account(name="Cedar Clinics", owner=MAX, website="cedar-clinics.example", phone="+44 1632 960102"),
    Account(name="Dunmore Rail", owner=ANA, website="http://dunmore-rail.example", phone="+44 1632 960103"),
    Account(name="Elmstead Bank", owner=SAM, website="www.elmstead.example", phone="+44 1632 960104"),
    Account(name="Fernhill Labs", owner=KIM, website="https://fernhill.example/en/", phone="+44 1632 960105"),
    # One switchboard, on the account and on three of its contacts.
    Account(name="Gale Logistics", owner=ANA, website="gale-logistics.example", phone="(01632) 960500"),
    # Two companies in one house with one telephone.
    Account(name="Harbour House", owner=SAM, website="harbour-house.example"),
    Account(name="Ivybridge Hotels", owner=KIM, website="ivybridge.example"),
    # Known by its web site only: no contacts.
    Account(name="Juniper Media", owner=MAX, website="https://juniper.example", phone="+44 1632 960108"),
    Account(name="Kestrel Energy", owner=JO, website="kestrel.example"),
    Account(name="Larkfield Schools", owner=SAM, website="larkfield.example"),
    # Two companies with one domain: it says nothing.
    Account(name="Moorgate Partners", owner=JO, website="moorgate.example"),
    Account(name="Moorgate Ventures", owner=KIM, website="https://moorgate.example"),
    # No web site: known by the addresses of its contacts.
    Account(name="Nettle Foods", owner=MAX),
    Account(name="Oakley Motors", owner=SAM, website="oakley-motors.example", phone="+44 1632 960115"),
    Account(name="Penrose Tiles", owner=ANA, website="penrose.example"),
)

_OWNERS = {account.name: account.owner for account in ACCOUNTS}


def _contact(name: str, account: str, email: str, **more: str) -> Contact:
    first, last = name.split()
    owner = more.pop("owner", _OWNERS.get(account, ""))
    return Contact(first=first, last=last, account=account, email=email, owner=owner, **more)


def _lead(name: str, owner: str, company: str, email: str, **more: str) -> Lead:
    first, last = name.split()
    return Lead(first=first, last=last, owner=owner, company=company, email=email, **more)


def _deal(name: str, account: str, owner: str, closing: date, stage: str = "Qualification", contact: str = "") -> Deal:
    return Deal(name=name, account=account, owner=owner, closing=closing, stage=stage, contact=contact)


CONTACTS = (
    _contact("Nora Quill", "Brightwater Foods", "nora.quill@brightwater.example", mobile="+44 7700 900101"),
    _contact("Theo Marsh", "Brightwater Foods", "Theo.Marsh@Brightwater.example", mobile="07700 900102"),
    _contact("Ivy Lark", "Cedar Clinics", "ivy.lark@cedar-clinics.example", mobile="+447700900103"),
    _contact("Omar Finch", "Cedar Clinics", "omar.finch@cedar-clinics.example", mobile="+44 (0)7700 900104"),
    _contact("Greta Holm", "Dunmore Rail", "greta.holm@dunmore-rail.example", mobile="07700-900105"),
    _contact("Rhys Dale", "Elmstead Bank", "rhys.dale@elmstead.example", mobile="0044 7700 900106"),
    _contact(
        "Mina Sol",
        "Fernhill Labs",
        "mina.sol@fernhill.example",
        secondary_email="mina@sol.example",
        mobile="+44 7700 900107",
    ),
    _contact("Gus Vane", "Gale Logistics", "gus.vane@gale-logistics.example", phone="01632 960500"),
    _contact("Hana Berg", "Gale Logistics", "hana.berg@gale-logistics.example", phone="+44 1632 960 500"),
    _contact("Ilse Kemp", "Gale Logistics", "ilse.kemp@gale-logistics.example", phone="+441632960500"),
    _contact("Hugh Pike", "Harbour House", "hugh.pike@harbour-house.example", phone="+44 1632 960600"),
    _contact("Iris Moss", "Ivybridge Hotels", "iris.moss@ivybridge.example", phone="01632 960600"),
    # The same address as a lead of that name.
    _contact("Otto Frost", "Kestrel Energy", "otto.frost@kestrel.example", mobile="+44 7700 900110"),
    # Entered twice, with one address.
    _contact("Ada Reyes", "Larkfield Schools", "ada.reyes@larkfield.example", nick="1"),
    _contact("Ada Reyes", "Larkfield Schools", "ada.reyes@larkfield.example", nick="2"),
    # A shared mailbox, held by people of two companies.
    _contact("Cole Nash", "Harbour House", "office@two-firms.example"),
    _contact("Dina Roth", "Ivybridge Hotels", "office@two-firms.example"),
    _contact("Bea Solo", "", "bea.solo@freelance.example", owner=ANA, mobile="+44 7700 900111"),
    _contact("Lena Ames", "Nettle Foods", "lena.ames@nettle-foods.example"),
    _contact("Kurt Weir", "Nettle Foods", "kurt.weir@nettle-foods.example"),
    _contact("Olga Penn", "Oakley Motors", "olga.penn@oakley-motors.example", mobile="+44 7700 900112"),
    _contact("Paul Sage", "Oakley Motors", "paul.sage@oakley-motors.example", mobile="+44 7700 900113"),
    # A free-mail address; four letters are too few to be anybody's.
    _contact("Sal Roe", "Penrose Tiles", "s.roe@gmail.com", mobile="+44 7700 900114"),
)

LEADS = (
    _lead("Pia North", KIM, "Northwind Studio", "pia.north@northwind-studio.example", mobile="+44 7700 900120"),
    _lead("Quin Ashe", SAM, "Quarry Stone", "quin.ashe@quarry-stone.example", phone="01632 960700"),
    _lead("Rosa Lind", ANA, "Rowan Books", "rosa.lind@rowan-books.example", mobile="+44 7700 900121"),
    _lead("Otto Frost", MAX, "Kestrel", "otto.frost@kestrel.example"),
)


def cast_deals(today: date) -> tuple[Deal, ...]:
    """The deals of the cast. Stages: open ones and closed ones."""
    soon, late, past = today + timedelta(days=20), today + timedelta(days=60), today - timedelta(days=90)
    return (
        _deal("Brightwater rollout", "Brightwater Foods", JO, soon, stage="Proposal/Price Quote", contact="Nora Quill"),
        _deal("Brightwater pilot", "Brightwater Foods", JO, past, stage="Closed Won", contact="Theo Marsh"),
        # Two open ones, each with its own person.
        _deal("Cedar north wing", "Cedar Clinics", MAX, soon, stage="Needs Analysis", contact="Ivy Lark"),
        _deal("Cedar south wing", "Cedar Clinics", MAX, late, contact="Omar Finch"),
        # Two open ones that nothing tells apart.
        _deal("Dunmore signalling", "Dunmore Rail", ANA, soon, stage="Value Proposition"),
        _deal("Dunmore ticketing", "Dunmore Rail", ANA, late, stage="Value Proposition"),
        # Two open ones with nobody on them; the owners tell them apart.
        _deal("Elmstead cards", "Elmstead Bank", KIM, soon),
        _deal("Elmstead loans", "Elmstead Bank", SAM, late),
        _deal("Fernhill archive", "Fernhill Labs", KIM, past, stage="Closed Lost"),
        _deal("Oakley fleet", "Oakley Motors", SAM, soon, stage="Negotiation/Review"),
        _deal("Penrose showroom", "Penrose Tiles", ANA, soon, contact="Sal Roe"),
    )
