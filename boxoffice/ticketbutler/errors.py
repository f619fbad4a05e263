"""What can go wrong between this computer and the site: one tree, each error with a sentence.

    TicketbutlerError
    ├── SiteError          the address of the site cannot be used
    ├── Unreachable        no connection: nothing reached the site
    ├── NoAnswer           time-out or connection lost after sending; 408, 520 to 524
    ├── CaptivePortal      a log-in page or a redirect elsewhere in the site's place; 407, 511
    ├── Unreadable         not JSON, wrong shape, too large, too deep, truncated
    │   └── NoPage         404 or 410 with a web page: nothing is at that path
    ├── ServerFault        the other 5xx
    ├── TooMany            429
    ├── KeyRefused         401
    │   ├── KeyMissing     this computer has no key for the site: nothing was sent
    │   └── Forbidden      403
    ├── NotFound           404
    │   └── Gone           410
    └── Refused            400, 406, 409, 422 and the other 4xx
        └── NotAllowed     405

`sentence` is for a steward; `str()` is for the log: the method, the path and what was seen, never
the key and no attendee's data.
"""

from boxoffice.language import N_, _

MAYBE = N_("It may have been done all the same: look at the list before you try again.")


class TicketbutlerError(Exception):
    """A request that did not do what was asked."""

    default = N_("The site cannot be used now: try again in a minute.")
    happened = ""
    """`default` without its advice to try again, which is none after a write, or at a door."""
    default_applied = False

    def __init__(
        self,
        detail: str = "",
        sentence: str = "",
        *,
        happened: str = "",
        words: str = "",
        maybe_applied: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.sentence = sentence or _(self.default)
        """One sentence that says what to do."""
        self._happened = happened or ("" if sentence else _(self.happened))
        self.words = words
        """The site's own, of a refusal; empty: it gave none."""
        self.maybe_applied = self.default_applied if maybe_applied is None else maybe_applied
        """Whether a write may have been carried out all the same; means nothing for a read."""
        self.retry_after = retry_after
        """Seconds to wait before the next try, where the site says so."""

    def append(self, sentence: str) -> None:
        """Say this after what is said of the error, also where it was a write."""
        self.sentence = f"{self.sentence} {sentence}"
        if self._happened:
            self._happened = f"{self._happened} {sentence}"

    @property
    def without_advice(self) -> str:
        """`sentence` without its advice to try again; empty: it gives none."""
        return self._happened

    @property
    def of_a_write(self) -> str:
        """`sentence`, where it was a write: what may have been done is not just tried again."""
        if not self.maybe_applied:
            return self.sentence
        return f"{self._happened or self.sentence} {_(MAYBE)}"


class SiteError(TicketbutlerError):
    """The address of the site cannot be used."""

    default = N_("This is not the address of a site: write it like https://test.ticketbutler.io.")


class Unreachable(TicketbutlerError):
    """No connection: nothing reached the site."""

    default = N_("The site cannot be reached: check the network.")


class NoAnswer(TicketbutlerError):
    """The request may have reached the site, but its answer did not come back."""

    default = N_("The site did not answer: try again in a minute.")
    happened = N_("The site did not answer.")
    default_applied = True


class CaptivePortal(TicketbutlerError):
    """A web page or a redirect answered in the site's place."""

    default = N_(
        "A log-in page answers in the site's place: open a web browser on this computer and log in "
        "to the network."
    )


class Unreadable(TicketbutlerError):
    """An answer came, but it is not what the site is known to say."""

    default = N_(
        "The site's answer cannot be read: check the site's address, or try again in a minute."
    )
    happened = N_("The site's answer cannot be read.")
    default_applied = True


class NoPage(Unreadable):
    """Nothing is at that path: neither the API nor the thing asked for."""

    default = N_("A web page answers instead of Ticketbutler: check the site's address.")
    default_applied = False


class ServerFault(TicketbutlerError):
    default = N_("The site has a fault of its own: try again in a minute.")
    happened = N_("The site has a fault of its own.")
    default_applied = True


class TooMany(TicketbutlerError):
    """Too many requests: nothing was done."""

    default = N_("The site asks for fewer requests: wait a minute and try again.")
    happened = N_("The site asks for fewer requests.")


class KeyRefused(TicketbutlerError):
    default = N_("The site refused the key: check it, and log in again.")


class KeyMissing(KeyRefused):
    """No key for the site is on this computer, or none yet: nothing was sent."""


class Forbidden(KeyRefused):
    """The key is known, but not allowed to do this."""

    default = N_("The key is not allowed to do this: ask the organiser for a key with more rights.")


class NotFound(TicketbutlerError):
    default = N_("The site has no such thing: refresh the list.")


class Gone(NotFound):
    """The site says that it was there once."""

    default = N_("It has been removed from the site: refresh the list.")


class Refused(TicketbutlerError):
    default = N_("The site refused this: check what was entered.")


class NotAllowed(Refused):
    """That is not done at that path, whatever is there."""


# What a site says when it understood a request and will not do it. API document: "ERRORS" of
# "Create Order". It leaves open how these are worded around the words that it gives; what is not
# in the table is passed on as it is.

_SENTENCES = (
    (
        "insufficient tickets",
        N_("Not enough tickets are left: choose fewer, or tickets of another type."),
    ),
    (
        "insufficient vouchers",
        N_("Not enough vouchers are left to pay this order: ask the organiser for more of them."),
    ),
    ("event expired", N_("The event is over for the site: it sells no more tickets for it.")),
    ("already been refunded", N_("This order has already been refunded.")),
    ("already refunded", N_("This order has already been refunded.")),
)
"""By words of the site's, in lower case: what is said instead."""

_DETAILS = "order details insufficient"
_BESIDE = frozenset({"detail", "non_field_errors", "error", "message"})


def refusal_sentence(words: str, otherwise: str | None, status: int) -> str:
    """What is said of a refusal with these `words`, as `texts_of` makes them, cleaned.

    `otherwise`: what the status alone means, where the site is silent.
    """
    folded = words.lower()
    for known, instead in _SENTENCES:
        if known in folded:
            return _(instead)
    if folded.startswith(_DETAILS):
        fields = words[len(_DETAILS) :].strip(" .:")
        if fields:
            return _("The site does not take the order's details: {fields}.").format(fields=fields)
        return _("The site lacks details of the order: check name, e-mail and tickets.")
    if not words and otherwise:
        return otherwise
    if not words:
        return _("The site refused this: {status}, check what was entered.").format(status=status)
    return _("The site refused this: {reason}.").format(reason=words.rstrip("."))


def texts_of(value: object) -> list[str]:
    """The texts in an error body with their fields: of `detail` alone where that says it all."""
    if isinstance(value, dict) and (detail := value.get("detail")):
        wordless = not isinstance(detail, str) or detail.strip(" .").lower() != _DETAILS
        rest = {} if wordless else {name: value[name] for name in value if name != "detail"}
        return _texts(detail) + _texts(rest)
    return _texts(value)


def _texts(value: object) -> list[str]:
    found: list[str] = []
    left = [("", value)]
    while left and len(found) < 5:
        field, value = left.pop()
        if isinstance(value, dict):
            left.extend((str(name), inner) for name, inner in reversed(value.items()))
        elif isinstance(value, list):
            left.extend((field, inner) for inner in reversed(value))
        elif isinstance(value, str) and value:
            named = field and field not in _BESIDE
            found.append(f"{field}: {value}" if named else value)
    return found
