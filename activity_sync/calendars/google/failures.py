"""What Google answers when it does not answer, named by what happens next (calendars.md A1, A9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx

from activity_sync.calendars.google.credentials import DIRECTORY, SCOPE, Keys
from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, StartOver, TryLater, Unexpected

_BUSY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "backendError", "internalError"})
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_LACKING = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_PUSHES = "It has to be an https address with a valid certificate that Google reaches."
_LONG = timedelta(hours=1)
_DELEGATION = "In the Google Admin console, under Security > API controls > Domain-wide delegation, allow client id {} the scope {}; this can take a day to work."  # noqa: E501


class NoCalendar(SignInAgain):
    """This person has no calendar at all."""


class NotThere(Exception):  # noqa: N818 - an answer, not a mistake
    """404 or 410: this calendar or event does not exist, or not for this rep."""

    def __init__(self, status: int) -> None:
        """`status`: 410 means that it was there once."""
        super().__init__(status)
        self.status = status


@contextmanager
def translated(rep: str, keys: Keys, scope: str = SCOPE) -> Iterator[None]:
    """Whatever Google's libraries raise inside comes out as one of our failures, or as NotThere.

    `scope`: the one that was asked for.
    """
    from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
    from googleapiclient.errors import Error, HttpError

    try:
        yield
    except RefreshError as error:
        raise _of_token(error, rep, keys, scope) from None
    except (TransportError, httpx.TransportError, OSError) as error:
        raise TryLater(f"Google cannot be reached: {_cause(error)}.") from None
    except HttpError as error:
        if error.status_code in {404, 410}:
            raise NotThere(error.status_code) from None
        raise _of_answer(error, rep, keys, scope) from None
    except (GoogleAuthError, Error, httpx.HTTPError, ValueError, TypeError):
        # TypeError: a page of HTML where the token should be; Google's library takes it for an object.
        raise Unexpected(f"Google's answer for {rep} is not what its calendar service sends.") from None


def missing_calendar(rep: str, status: int) -> ConnectionFailure:
    """What it means that a whole calendar is not there."""
    if status == 410:
        return StartOver(f"Google wants the calendar of {rep} to be read anew.")
    remedy = f"Check that {rep} has a Google calendar; a Zoho user without one is left out by listing `reps`."
    return SignInAgain(f"Google knows no calendar of {rep}.", remedy)


def _cause(error: BaseException) -> str:
    return type(error).__name__ if not isinstance(error, OSError) else (error.strerror or type(error).__name__)


def _of_token(error: Any, rep: str, keys: Keys, scope: str) -> ConnectionFailure:
    details = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code, told = str(details.get("error", "")), str(details.get("error_description", ""))
    if error.retryable:
        return TryLater("Google's token service is busy.")
    if keys.connect and code:
        return _sign_in_again(keys, code)
    if code in {"unauthorized_client", "access_denied", "invalid_scope"}:
        what = "list the users" if scope == DIRECTORY else f"read the calendar of {rep}"
        return SignInAgain(f"Google does not let the service account {what} ({code}).", _delegation(keys, scope))
    if code == "invalid_grant":
        return _of_grant(told, rep)
    if code in {"invalid_client", "deleted_client", "disabled_client", "account_disabled"}:
        return SignInAgain(f"Google refuses the service account ({code}).", "Enable it, or make a new key for it.")
    return Unexpected(f"Google's token service did not answer the request for {rep} with a token.")


def _sign_in_again(keys: Keys, code: str = "") -> SignInAgain:
    told = f" ({code})" if code.replace("_", "").isalpha() else ""
    return SignInAgain(f"Google wants the person to sign in again{told}.", f"Run `{keys.connect}`.")


def _delegation(keys: Keys, scope: str) -> str:
    return _DELEGATION.format(keys.client_id or "of the service account", scope)


def _of_grant(told: str, rep: str) -> ConnectionFailure:
    lower = told.lower()
    if "signature" in lower:
        return SignInAgain("Google refuses the service account's key.", "It was deleted or replaced: make a new one.")
    if "timeframe" in lower or "short-lived" in lower:
        return SignInAgain(
            "Google says that this machine's clock is wrong.", "Set the clock; let it follow a time server."
        )
    return SignInAgain(
        f"Google gives no access as {rep} (invalid_grant).",
        "The account does not exist, is suspended or was renamed: correct it in Zoho or in `reps`.",
    )


def _of_answer(error: Any, rep: str, keys: Keys, scope: str) -> ConnectionFailure:
    status, reasons = int(error.status_code), _reasons(error)
    if status == 429 or status >= 500 or reasons & _BUSY:
        return TryLater(f"Google's calendar service is busy ({status}).", _asked_to_wait(error))
    if reasons & _SPENT:
        return TryLater("The Google project's quota for the calendar service is spent.", _LONG)
    if any(one.startswith(("webhook", "push")) for one in reasons):
        return Refused(f"Google does not push to web.public_url ({', '.join(sorted(reasons))}).", _PUSHES)
    if keys.connect and (status == 401 or reasons & _LACKING):
        return _sign_in_again(keys)
    if status == 401:
        return SignInAgain(f"Google refuses the token for {rep}.", "Check the service account and its key file.")
    if status == 403:
        return _forbidden(reasons, rep, keys, scope)
    if not reasons:
        return Unexpected(f"Google's answer for {rep} is not what its calendar service sends ({status}).")
    return Refused(f"Google refuses to list the calendar of {rep} ({status} {', '.join(sorted(reasons))}).")


def _forbidden(reasons: set[str], rep: str, keys: Keys, scope: str) -> ConnectionFailure:
    if reasons & {"accessNotConfigured", "SERVICE_DISABLED"}:
        name = "Admin SDK API" if scope == DIRECTORY else "Google Calendar API"
        return SignInAgain(f"The {name} is not enabled.", f"Enable the {name} in the Google Cloud project.")
    if scope == DIRECTORY:
        return SignInAgain(f"Google does not let {rep} see the users of the Workspace.", _delegation(keys, scope))
    if reasons & _LACKING:
        return SignInAgain(f"The service account may not read the events of {rep}.", _delegation(keys, scope))
    if "notACalendarUser" in reasons:
        return NoCalendar(
            f"{rep} has no Google calendar.", "Switch Calendar on for this user, or leave it out of `reps`."
        )
    return SignInAgain(f"Google forbids reading the calendar of {rep}.", "Check the user and the delegation.")


def _reasons(error: Any) -> set[str]:
    """The reasons in an error body of either of Google's two shapes."""
    try:
        told = json.loads(error.content)["error"]
        listed = [*told.get("errors", []), *told.get("details", []), {"reason": told.get("status")}]
        found = [one.get("reason") for one in listed if isinstance(one, dict)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {reason for reason in found if isinstance(reason, str) and reason.isidentifier()}


def _asked_to_wait(error: Any) -> timedelta | None:
    seconds = str(error.resp.get("retry-after", ""))
    return timedelta(seconds=int(seconds)) if seconds.isdigit() and len(seconds) < 7 else None
