"""What Graph answers when it does not answer, named by what happens next (calendars.md C9). Codes count, not words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from activity_sync.model.failures import ConnectionFailure, Refused, SignInAgain, StartOver, TryLater, Unexpected

_GONE = frozenset({"erroritemnotfound", "errorinvalidmailboxitemid", "errorinvalididmalformed"})
_START_OVER = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_PASSING = frozenset({
    "applicationthrottled", "toomanyrequests", "activitylimitreached", "servicenotavailable", "errorservertoobusy",
    "errorinternalservertransienterror", "errormailboxstoreunavailable", "errormailboxmoveinprogress",
    "errortimeoutexpired", "errorexceededconnectioncount", "mailboxinfostale",
})  # fmt: skip
_NO_MAILBOX = frozenset({
    "mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "errormailboxnotenabledforrestapi",
    "errornonexistentmailbox", "errormissingemailaddress", "mailboxnothostedinexchangeonline", "mailboxinactive",
})  # fmt: skip
_NO_USER = frozenset({"request_resourcenotfound", "resourcenotfound", "errorinvaliduser", "erroruserunknown"})
_DISABLED = frozenset({"erroraccountdisabled", "accountdisabled", "useraccountdisabled", "erroraccountsuspend"})

_ACCESS = "In Entra the app needs the application permission Calendars.Read with admin consent; where an application access policy or an Exchange role (RBAC for Applications) limits it, {} must be in its scope. Changes take an hour or two."  # noqa: E501


class NoMailbox(SignInAgain):
    """This person has no mailbox in Exchange Online."""


class NotThere(Exception):  # noqa: N818 - an answer, not a mistake
    """This event does not exist in this mailbox any more."""


def failure_of(status: int, answer: Any, rep: str, after: float | None = None) -> ConnectionFailure | NotThere:
    """What a refusal means. `answer`: its JSON, None when it is none; `after`: seconds of its Retry-After."""
    codes = codes_of(answer)
    if status == 429 or (status >= 500 and status != 501) or codes & _PASSING:
        wait = None if after is None else timedelta(seconds=min(after, 86_400))
        return TryLater(f"Microsoft's calendar service is busy ({status}).", wait)
    if status == 410 or codes & _START_OVER:
        return StartOver(f"Microsoft wants the calendar of {rep} to be read anew.")
    if status == 401:
        return SignInAgain(f"Microsoft refuses the token for {rep}.", "Check the app, its permissions and graph_url.")
    if codes & (_NO_MAILBOX | _NO_USER | _DISABLED):
        return _of_mailbox(codes, rep)
    if status == 403:
        return _forbidden(codes, rep)
    if codes & _GONE:
        return NotThere()
    return _other(status, codes, rep)


def _other(status: int, codes: set[str], rep: str) -> ConnectionFailure | NotThere:
    if not codes:
        return Unexpected(f"Microsoft's answer for {rep} is not what Graph sends ({status}).", "Check graph_url.")
    if status == 404:
        return NotThere()
    return Refused(f"Microsoft refuses to show the calendar of {rep} ({status} {', '.join(sorted(codes))}).")


def missing_calendar(rep: str) -> SignInAgain:
    """A whole calendar is not there."""
    return SignInAgain(f"Microsoft knows no calendar of {rep}.", _MAILBOX.format(rep))


def codes_of(answer: Any) -> set[str]:
    """All codes in an error body, in lower case: the general one and those that stand inside it."""
    found: set[str] = set()
    inner = answer.get("error") if isinstance(answer, Mapping) else None
    for _ in range(10):
        if not isinstance(inner, Mapping):
            break
        code = inner.get("code")
        if isinstance(code, str) and code.replace("_", "").replace("-", "").isalnum() and len(code) < 80:
            found.add(code.lower())
        inner = inner.get("innerError") or inner.get("innererror")
    return found


_MAILBOX = "Give {} a licence with Exchange Online, or leave the address out by listing `reps`."


def _of_mailbox(codes: set[str], rep: str) -> SignInAgain:
    if codes & _NO_MAILBOX:
        return NoMailbox(f"{rep} has no mailbox in Exchange Online, or an inactive one.", _MAILBOX.format(rep))
    if codes & _DISABLED:
        return SignInAgain(
            f"The account of {rep} is disabled.", "Enable it in Entra, or leave it out by listing `reps`."
        )
    remedy = "Correct the address in Zoho or in `reps`; it has to be the user's principal name or id in Microsoft 365."
    return SignInAgain(f"Microsoft knows no user {rep}.", remedy)


def _forbidden(codes: set[str], rep: str) -> SignInAgain:
    told = f" ({', '.join(sorted(codes))})" if codes else ""
    return SignInAgain(f"The app may not read the calendar of {rep}{told}.", _ACCESS.format(rep))
