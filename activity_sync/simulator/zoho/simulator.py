"""The face of the simulator for tests and the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from activity_sync.simulator.clock import Clock
from activity_sync.simulator.mishaps import Mishaps
from activity_sync.simulator.network import Server
from activity_sync.simulator.zoho.bulk.reading import callbacks
from activity_sync.simulator.zoho.credits import Credits, Slots, concurrency_limit, credit_limit
from activity_sync.simulator.zoho.fields import Field
from activity_sync.simulator.zoho.gate import Asked, Gate
from activity_sync.simulator.zoho.new_fields import add_field
from activity_sync.simulator.zoho.oauth import ALL_SCOPES, Accounts
from activity_sync.simulator.zoho.people import seeded_row
from activity_sync.simulator.zoho.reading.deleted import deleted_row
from activity_sync.simulator.zoho.reading.related import set_role
from activity_sync.simulator.zoho.refusals import Row
from activity_sync.simulator.zoho.rendering import render
from activity_sync.simulator.zoho.switches import Switches
from activity_sync.simulator.zoho.users import new_user
from activity_sync.simulator.zoho.watching import deliver, payloads
from activity_sync.simulator.zoho.world import Mail, Trigger, World
from activity_sync.simulator.zoho.writes.conversion import convert_lead, merge_records
from activity_sync.simulator.zoho.writes.other_rules import derive
from activity_sync.simulator.zoho.writes.routes import delete_record


class ZohoSimulator:
    """One made-up organisation in Zoho CRM, with its accounts server, on one loopback address.

    `client_id`, `client_secret` and `refresh_token` are what a config needs. `token_user` is the administrator whose
    token that is; all times come in that user's zone. `switches` may be changed at any time.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        edition: str = "enterprise",
        licences: int = 10,
        switches: Switches | None = None,
        company: str = "Acme",
        time_zone: str = "America/Los_Angeles",
        scopes: tuple[str, ...] = ALL_SCOPES,
    ) -> None:
        self.clock = clock or Clock()
        self.switches = switches or Switches()
        self.world = World(self.clock, self.switches, edition, licences, company)
        names = {"profile": "Administrator", "role": "CEO", "time_zone": time_zone}
        admin = new_user(self.world, "admin@acme.example", "Ada", "Admin", **names)
        self.world.users[admin["id"]] = admin
        self.world.token_user = self.token_user = admin["id"]
        self.world.apply_switches()
        self.accounts = Accounts(self.clock, self.switches)
        self.client_id, self.client_secret = self.accounts.client_id, self.accounts.client_secret
        self.refresh_token = self.accounts.add_refresh_token(scopes)
        self.credits = Credits(self.clock, credit_limit(edition, licences))
        self.slots = Slots(concurrency_limit(edition))
        self._gate = Gate(self.world, self.accounts, self.credits, self.slots)
        self.mishaps = self._gate.mishaps = Mishaps(self._gate.too_many, self._gate.unauthorized)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Listen on loopback; gives the address of the accounts server and of the API, one for both."""
        with Server(self._gate.handle, port) as server:
            self._gate.own_url = server.url
            yield server.url

    @property
    def requests(self) -> list[Asked]:
        """Every request so far, in the order they were answered."""
        return self._gate.requests

    @property
    def mails(self) -> list[Mail]:
        """Everything that would have mailed somebody."""
        return self.world.mails

    @property
    def triggers(self) -> list[Trigger]:
        """The `trigger` of each written record."""
        return self.world.triggers

    def grant_code(self, scopes: tuple[str, ...] = ALL_SCOPES) -> str:
        """A grant code from the console, good once for three minutes."""
        return self.accounts.grant_code(scopes)

    def add_user(
        self,
        email: str,
        first_name: str,
        last_name: str,
        status: str = "active",
        role: str = "Sales",
        time_zone: str = "UTC",
        profile: str = "Standard",
    ) -> str:
        """A further user; gives the id. `status`: active, inactive, disabled or deleted."""
        more = {"status": status, "role": role, "time_zone": time_zone, "profile": profile}
        with self.world.lock:
            user = new_user(self.world, email, first_name, last_name, **more)
            self.world.users[user["id"]] = user
        return str(user["id"])

    def edit_user(self, user_id: str, **members: Any) -> None:
        """Change a user, such as `status="inactive"`."""
        with self.world.lock:
            self.world.users[user_id] |= {**members, "Modified_Time": self.world.now()}

    def add(self, module: str, **fields: Any) -> str:
        """A record that was always there: nothing is checked, nothing costs; gives the id.

        Lookups and owners as an id or `{"id": ...}`; times aware or as ISO text; `Created_Time` and `Modified_Time`
        may be given. `$se_module` follows from the parent.
        """
        world = self.world
        with world.lock:
            now, me = world.now(), self.token_user
            stamps = {"Created_Time": now, "Modified_Time": now, "Created_By": me, "Modified_By": me}
            row = {"id": world.new_id(), "Owner": me, **stamps, "Record_Status__s": "Available"}
            row |= seeded_row(world, module, fields)
            if "Created_Time" not in fields:
                row["Created_Time"] = min(now, row["Modified_Time"])
            world.tables[module].put(derive(world, world.modules[module], row, None))
        return str(row["id"])

    def edit(self, module: str, record_id: str, by: str | None = None, **fields: Any) -> None:
        """A person changes a record; `by` None: the administrator."""
        world = self.world
        with world.lock:
            before = world.tables[module].rows[record_id]
            stamps = {"Modified_Time": world.now(), "Modified_By": by or self.token_user}
            row = {**before, **stamps, **seeded_row(world, module, fields)}
            world.put(module, derive(world, world.modules[module], row, before))

    def delete(self, module: str, record_id: str, by: str | None = None, *, permanent: bool = False) -> None:
        """A person deletes a record."""
        with self.world.lock:
            delete_record(self.world, module, record_id, by or self.token_user, permanent=permanent)

    def restore(self, module: str, record_id: str, by: str | None = None) -> None:
        """A person takes a record out of the bin."""
        world = self.world
        with world.lock:
            row = world.tables[module].bin.pop(record_id).row
            if self.switches.restore_moves_modified_time:
                row = {**row, "Modified_Time": world.now(), "Modified_By": by or self.token_user}
            world.put(module, row)

    def convert_lead(
        self, lead_id: str, *, account: str | None = None, contact: str | None = None, deal: Row | None = None
    ) -> dict[str, str | None]:
        """A person converts a lead; the new ids by module. `deal`: its fields, None: no deal."""
        world = self.world
        with world.lock:
            owner = world.tables["Leads"].rows[lead_id]["Owner"]
            return convert_lead(world, lead_id, owner, account, contact, deal)

    def merge(self, module: str, master: str, losers: list[str], by: str | None = None) -> None:
        """A person merges records: the losers are gone, what hung on them hangs on the master."""
        with self.world.lock:
            merge_records(self.world, module, master, losers, by or self.token_user)

    def set_role(self, deal: str, contact: str, role: str = "Decision Maker") -> None:
        """Put a contact on a deal."""
        with self.world.lock:
            role_id = next(key for key, name in self.world.contact_roles.items() if name == role)
            set_role(self.world, deal, contact, role_id)

    def add_field(
        self,
        module: str,
        api_name: str,
        data_type: str = "text",
        *,
        length: int = 255,
        unique: bool = False,
        picklist: tuple[str, ...] | list[str] = (),
        mandatory: bool = False,
        lookup: str = "",
    ) -> None:
        """A custom field."""
        with self.world.lock:
            new = Field(api_name, data_type, length=length, unique=unique, custom=True, target=lookup)
            new.picklist, new.mandatory = tuple(picklist), mandatory
            add_field(self.world, self.world.modules[module], new)

    def add_key_field(self, api_name: str = "Activity_Sync_Key", *, unique: bool = True) -> None:
        """A text field for our key in Events, Calls and Tasks."""
        for module in ("Events", "Calls", "Tasks"):
            self.add_field(module, api_name, length=64, unique=unique)

    def add_pipeline(self, name: str, stages: list[str]) -> None:
        """A further pipeline of Deals."""
        with self.world.lock:
            self.world.add_pipeline(name, stages)

    def push(self, *, delivered: bool = True, twice: bool = False, shuffled: bool = False) -> list[int]:
        """Push what changed since the last time to the living channels, and that bulk reads are done.

        The HTTP status of each, 0: nobody was there.

        `delivered` False: it is lost on the way. `twice`, `shuffled`: pushes may come again, and in any order.
        """
        with self.world.lock:
            found = [*payloads(self.world), *callbacks(self.world)]
        return deliver(found, twice=twice, shuffled=shuffled) if delivered else []

    def records(self, module: str) -> list[Row]:
        """All living records with all fields, as a single GET gives them: lookups `{"name","id"}`, times as text."""
        with self.world.lock:
            kind = self.world.modules[module]
            return [render(self.world, kind, row) for row in self.world.tables[module].rows.values()]

    def record(self, module: str, record_id: str) -> Row:
        """One living record, as `records` gives it; raises `KeyError` when it is gone."""
        with self.world.lock:
            return render(self.world, self.world.modules[module], self.world.tables[module].rows[record_id])

    def deleted(self, module: str) -> list[Row]:
        """All deleted records, as the deleted list shows them."""
        with self.world.lock:
            name, entries = self.world.modules[module].name_field, self.world.tables[module].bin.values()
            return [deleted_row(self.world, name, entry) for entry in entries]

    def moment(self) -> datetime:
        """The simulator's present, UTC."""
        return self.clock.now()
