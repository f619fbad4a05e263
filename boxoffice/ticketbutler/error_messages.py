"""What a site says when it understood a request and will not do it, as a sentence for a steward.

API document: "ERRORS" of "Create Order", "Response" of "Refund an order". The document leaves open
how these are worded around the words it gives; what is not in the table is passed on as it is.
"""

_SENTENCES = (
    (
        "insufficient tickets",
        "Not enough tickets are left: choose fewer, or tickets of another type.",
    ),
    (
        "insufficient vouchers",
        "Not enough vouchers are left to pay this order: ask the organiser for more of them.",
    ),
    ("event expired", "The event is over for the site: it sells no more tickets for it."),
    ("already been refunded", "This order has already been refunded."),
    ("already refunded", "This order has already been refunded."),
)
"""By words of the site's, in lower case: what is said instead."""

_DETAILS = "order details insufficient"
_BESIDE = frozenset({"detail", "non_field_errors", "error", "message"})


def sentence(words: str, otherwise: str | None, status: int) -> str:
    """What is said of a refusal with these `words`, as `texts_of` makes them, cleaned.

    `otherwise`: what the status alone means, where the site is silent.
    """
    folded = words.lower()
    for known, instead in _SENTENCES:
        if known in folded:
            return instead
    if folded.startswith(_DETAILS):
        fields = words[len(_DETAILS) :].strip(" .:")
        if fields:
            return f"The site does not take the order's details: {fields}."
        return "The site lacks details of the order: check name, e-mail and tickets."
    if not words and otherwise:
        return otherwise
    why = words or f"{status}, check what was entered"
    return f"The site refused this: {why.rstrip('.')}."


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
