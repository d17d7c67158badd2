"""The first config.yaml, as `init` writes it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from activity_sync.model.settings import DataCenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `init` asks. timezone: IANA name. default_region: ISO 3166. domains: our own, at least one."""

    timezone: str = "Europe/London"
    default_region: str = "GB"
    data_center: DataCenter = "eu"
    domains: tuple[str, ...] = ("acme.example",)
    calendar: Literal["google", "none"] = "google"
    dialer: Literal["aircall", "import", "none"] = "aircall"


def starter(answers: Answers) -> str:
    """A commented config.yaml for these answers; it loads once the variables that it names are set."""
    return "\n".join(
        (
            _HEAD.format(timezone=_text(answers.timezone), region=_text(answers.default_region)),
            _ZOHO.format(data_center=_text(answers.data_center)),
            _TEAM.format(domains=", ".join(_text(domain) for domain in answers.domains)),
            _CALENDARS[answers.calendar],
            _DIALERS[answers.dialer],
            _TYPES,
        )
    )


def _text(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z][A-Za-z0-9_./-]*", value) else json.dumps(value, ensure_ascii=False)


_HEAD = """\
# Activity Sync. `activity-sync check` tells whether this file and the connections in it are good;
# `activity-sync preview` shows what would be written, before anything is.
# ${{NAME}} takes an environment variable, ${{file:PATH}} what a file holds, ${{secret:NAME}} an entry of the secret
# store.

timezone: {timezone}     # the company's: for due dates and templates
default_region: {region}           # for phone numbers that are written without a country code
"""

_ZOHO = """\
zoho:
  data_center: {data_center}            # us eu in au jp ca sa cn uk
  client_id: ${{ZOHO_CLIENT_ID}}
  client_secret: ${{ZOHO_CLIENT_SECRET}}
  # `activity-sync connect zoho` stores the refresh token; or give one: refresh_token: ${{ZOHO_REFRESH_TOKEN}}
  write: false               # a rehearsal: everything but the sending. true: activities are written
"""

_TEAM = """\
team:
  domains: [{domains}]   # everyone here is ours, never a customer
  # default_owner: ops@acme.example   # when a rep has no active Zoho user; without it such activities are not logged
"""

_CALENDARS = {
    "google": """\
calendars:
  - name: workspace
    kind: google
    service_account_file: google.json   # of a service account with domain-wide delegation; beside this file
    reps: all                           # every active Zoho user; or a list of addresses
""",
    "none": """\
calendars: []
""",
}

_DIALERS = {
    "aircall": """\
dialers:
  - name: aircall
    kind: aircall
    api_id: ${AIRCALL_ID}
    api_token: ${AIRCALL_TOKEN}
""",
    "import": """\
dialers:
  - name: pbx
    kind: import
    path: spool/calls      # a folder that your telephone system writes files to; or one file that only grows
    format: jsonl          # or csv
    # extensions: {"201": jo@acme.example}   # whose telephone is whose
""",
    "none": """\
dialers: []
""",
}

_TYPES = """\
# The first type that fits an interaction says what is written for it.
activity_types:
  - name: Missed customer call
    when: {kind: call, direction: inbound, outcome: [missed, voicemail]}
    then: {follow_ups: [call-back]}
  - name: Other
    when: {}
    then: {subject: "{{ title }}", description: "{{ notes }}"}

follow_ups:
  call-back:
    subject: "Call back {{ who }} ({{ number }})"
    due: 4 business hours
    close_when_reached: true   # done by itself once somebody of ours reaches the number
"""
