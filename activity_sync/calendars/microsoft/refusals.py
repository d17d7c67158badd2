"""What Microsoft's sign-in answers when it gives no token (calendars.md C1), by its AADSTS numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from activity_sync.model.failures import ConnectionFailure, SignInAgain, TryLater, Unexpected

_NEW_SECRET = "In Entra under App registrations > Certificates & secrets, make a new client secret and put its value (not its ID) into client_secret; or use a certificate_file."  # noqa: E501, S105
_CERTIFICATE = "Upload the certificate in certificate_file under App registrations > Certificates & secrets."
_IDS = "Check tenant_id and client_id: both stand on the app registration's overview page in Entra."
_CONSENT = "In Entra under App registrations > API permissions, an administrator has to grant Calendars.Read."
_PUBLIC_CLIENT = "In Entra under App registrations > Authentication, allow public client flows."
_NO_PUBLIC_CLIENT = frozenset({7000218, 7000216})
"""Asked for by a person's sign-in, a secret is not what is missing."""
_APP: Mapping[int, tuple[str, str]] = {
    7000215: ("the client secret is wrong", _NEW_SECRET),
    7000222: ("the client secret has expired", _NEW_SECRET),
    7000216: ("the app has to prove itself by a secret or a certificate", _NEW_SECRET),
    7000218: ("the app has to prove itself by a secret or a certificate", _NEW_SECRET),
    700027: ("the certificate is not registered for the app, or has expired", _CERTIFICATE),
    700016: ("the tenant does not know this app", _IDS),
    90002: ("there is no such tenant", _IDS),
    900023: ("there is no such tenant", _IDS),
    900021: ("there is no such tenant", _IDS),
    7000112: ("the app is disabled in the tenant", "Enable it in Entra under Enterprise applications."),
    500011: ("the tenant does not know this Graph", "Check graph_url and authority: both must be of the same cloud."),
    500014: ("Graph is disabled for the tenant", "Enable it in Entra under Enterprise applications."),
    1002012: ("the scope is not one for apps", "Check graph_url."),
    65001: ("nobody consented to the app's permissions", _CONSENT),
    53003: ("a Conditional Access policy blocks it", "Except the app or this machine from the policy in Entra."),
    530036: ("a Conditional Access policy blocks device codes", "Use a client_secret or a certificate_file instead."),
    7000114: ("the app may not sign in this way", "In Entra under Authentication, allow public client flows."),
    50057: ("the account is disabled", "Enable it in Entra, or sign in as somebody else."),
    50034: ("there is no such account in the tenant", _IDS),
}
_SIGN_IN = frozenset({50173, 50076, 50078, 50079, 50055, 50133, 70000, 70008, 70043, 700082, 54005})
_PASSING = frozenset({90033, 90025, 50196, 50058})
_SOON = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
_NUMBER = re.compile(r"AADSTS(\d{4,9})")


def of_token(told: Mapping[str, Any], status: int, connect: str) -> ConnectionFailure:
    """The failure behind an answer without a token. `connect`: the command that signs in a person, "" for an app."""
    error, number = str(told.get("error", "")), number_of(told)
    if status == 429 or status >= 500 or error in _SOON or number in _PASSING:
        return TryLater("Microsoft's sign-in is busy.")
    if connect and (number in _SIGN_IN or (error in {"invalid_grant", "interaction_required"} and number not in _APP)):
        return SignInAgain(f"Microsoft wants the person to sign in again{_in_brackets(number)}.", f"Run `{connect}`.")
    if connect and number in _NO_PUBLIC_CLIENT:
        why = f"Microsoft gives no token: the app may not sign a person in by a code{_in_brackets(number)}."
        return SignInAgain(why, f"{_PUBLIC_CLIENT} Then run `{connect}`.")
    if number in _APP:
        why, remedy = _APP[number]
        return SignInAgain(f"Microsoft gives no token: {why}{_in_brackets(number)}.", remedy)
    if error.replace("_", "").isalpha():
        return SignInAgain(f"Microsoft gives no token: {error}{_in_brackets(number)}.", _IDS)
    return Unexpected("Microsoft's sign-in did not answer with a token.")


def of_tenant(text: str, status: int) -> ConnectionFailure:
    """The failure behind a tenant that is not described. `text`: what came instead."""
    if status == 429 or status >= 500:
        return TryLater("Microsoft's sign-in is busy.")
    number = number_of({"error_description": text[:2000]})
    if number or status in {400, 404}:
        return SignInAgain(f"Microsoft's sign-in knows no such tenant{_in_brackets(number)}.", _IDS)
    return Unexpected("Microsoft's sign-in does not describe the tenant.")


def number_of(told: Mapping[str, Any]) -> int:
    """The AADSTS number of an answer; 0 without one."""
    codes = told.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _NUMBER.search(str(told.get("error_description", "")))
    return int(found[1]) if found else 0


def _in_brackets(number: int) -> str:
    return f" (AADSTS{number})" if number else ""
