"""Whole uuids in a text, and what only looks like one: halves, and several run together."""

import re

TWO_CODES = "Two codes in one: scan them one after another"
SHORTEST_UUID = 32
"""Characters of a uuid without dashes."""
NO_WHOLE_CODE = "A part of a code, or more than one: scan again"

_ONE_UUID = (
    r"(?:[0-9a-f]{32}"
    # The dashes, whatever they became: the same sign or two between all groups.
    r"|[0-9a-f]{8}([^0-9a-z]{1,2})[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12})"
)
_UUID = re.compile(_ONE_UUID, re.IGNORECASE | re.ASCII)
_UUIDS = re.compile(rf"(?<![0-9a-f])(?:{_ONE_UUID})+(?![0-9a-f])", re.IGNORECASE | re.ASCII)
_LONG_HEX = re.compile(r"[0-9a-f-]{33,}", re.IGNORECASE)
_HEX_BEFORE = re.compile(r"(?:^|[^0-9a-z])([0-9a-f]{1,32})([^0-9a-z]{1,2})$", re.I | re.ASCII)
_HEX_BEHIND = re.compile(r"([^0-9a-z]{1,2})([0-9a-f]{1,32})(?![0-9a-z])", re.I | re.ASCII)
_FIELD_ENDS = frozenset(":;,|=&/?#. ")
"""Signs between things that do not belong together."""
_OWNER = re.compile(r"ticket|order|purchase|event", re.IGNORECASE)


def external_hex(external: str) -> str | None:
    """An external uuid that is a uuid, as its hex digits, in any case and with any dashes."""
    digits = external.lower().replace("-", "")
    return digits if re.fullmatch("[0-9a-f]{32}", digits) else None


def holds_long_hex(text: str) -> bool:
    """Whether there are more hex digits in a row than a uuid has."""
    return _LONG_HEX.search(text) is not None


def uuids_in_link(link: str) -> tuple[tuple[str, ...], bool]:
    """The uuids in a link, first those that are not said to be an order's or an event's.

    And whether two of them are run together, which then are none.
    """
    found: list[tuple[bool, int, set[str]]] = []
    label, glued = 0, False
    for run in _UUIDS.finditer(link):
        owners = _OWNER.findall(link, label, run.start())
        label = run.end()
        uuids = _uuids_of(run)
        if len(uuids) > 1:
            glued = True
        elif not _is_cut(run, inside=True):
            other = bool(owners) and owners[-1].lower() != "ticket"
            # A path goes from the whole to the part: of two alike, the ticket is the later one.
            found.append((other, -label, uuids))
    found.sort(key=lambda each: each[:2])
    return tuple(dict.fromkeys(uuid for _, _, uuids in found for uuid in uuids)), glued


def uuid_alone(text: str) -> tuple[tuple[str, ...], str]:
    """The one uuid in a text that is no link, or what is wrong with it.

    The same uuid may stand there again, but then nothing else.
    """
    runs = list(_UUIDS.finditer(text))
    if not runs:
        return (), NO_WHOLE_CODE if _LONG_HEX.fullmatch(text) else ""
    uuids = {uuid for run in runs for uuid in _uuids_of(run)}
    beside = any(map(str.isalnum, _UUIDS.sub("", text)))
    repeated = len(runs) > 1 or _UUID.fullmatch(runs[0][0]) is None
    if len(uuids) > 1 or (repeated and beside):
        return (), TWO_CODES
    if beside and _is_cut(runs[0], inside=False):
        return (), NO_WHOLE_CODE
    return tuple(uuids), ""


def _uuids_of(run: re.Match[str]) -> set[str]:
    """The uuids that stand in one run of hex digits and dashes."""
    return {re.sub(r"[^0-9a-f]", "", found[0].lower()) for found in _UUID.finditer(run[0])}


def _is_cut(run: re.Match[str], *, inside: bool) -> bool:
    """Whether more hex digits stand beside a uuid, so that it is a part of something longer.

    `inside` a link: beside a dash; else whatever does not clearly part two things.
    """
    text, dash = run.string, run[1]
    before = _HEX_BEFORE.search(text[max(0, run.start() - 36) : run.start()])
    behind = _HEX_BEHIND.match(text, run.end())
    beside = [(before[2], before[1])] if before else []
    beside += [(behind[1], behind[2])] if behind else []
    for signs, digits in beside:
        if inside:
            if signs in ("-", dash):
                return True
        elif not _FIELD_ENDS.issuperset(signs) or (len(digits) >= 4 and not digits.isalpha()):
            return True
    return False
