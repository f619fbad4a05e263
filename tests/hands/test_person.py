"""A person chooses in three ways: one is left, ↓, the mouse. Nobody else is ever let in."""

from functools import partial

import pytest

from boxoffice.sandbox.models import Ticket
from tests.hands.burst import Person
from tests.hands.door import AFTER_NONE, CHOSEN, Door
from tests.hands.terminal import until

MANY = "Sørensen"


def tickets_of(door: Door, line: str) -> list[str]:
    """Whose row this may be: name, ticket type and the begin of the e-mail stand in it."""

    def is_shown(ticket: Ticket) -> bool:
        parts = (ticket.full_name, ticket.ticket_type.title, ticket.email[:12])
        return all(part in line for part in parts)

    return [ticket.uuid for ticket in door.event.tickets if is_shown(ticket)]


def row_chosen(door: Door) -> str:
    """The highlighted row; empty: none is."""
    return next((line for line in door.terminal.lines if line.startswith(CHOSEN)), "")


def alone(door: Door, person: Person) -> bool:
    """Nobody else is found by this person's whole name."""

    def begins(other: Person) -> bool:
        words = f"{other.name} {other.email}".casefold().split()
        return all(any(word.startswith(part) for word in words) for part in parts)

    parts = person.name.casefold().split()
    return len(parts) == 2 and sum(map(begins, door.people())) == 1


def choose_somebody(door: Door) -> str:
    """Go down to somebody who may come in and whose row is like nobody else's."""
    fresh = {person.uuid for person in door.fresh()}

    def moved(before: str) -> bool:
        return row_chosen(door) not in ("", before)

    for _ in range(12):
        before = row_chosen(door)
        door.terminal.press("down")
        until(partial(moved, before), lambda: door.terminal.text)
        named = tickets_of(door, row_chosen(door))
        if len(named) == 1 and named[0] in fresh:
            return named[0]
    pytest.fail(f"nobody fit:\n{door.terminal.text}")


def test_enter_admits_the_one_who_is_left(door: Door) -> None:
    person = next(each for each in door.fresh() if not each.name.isascii() and alone(door, each))
    door.terminal.person(person.name)
    door.terminal.shows("1 found")
    door.terminal.press("enter")
    until(lambda: door.is_in(person.uuid), lambda: door.terminal.text)
    door.fence()
    assert door.writes() == [(person.uuid, True)]


def test_enter_admits_the_row_that_was_gone_to(door: Door) -> None:
    door.terminal.person(MANY)
    door.terminal.shows(" found")
    ticket = choose_somebody(door)
    door.terminal.press("enter")
    until(lambda: door.is_in(ticket), lambda: door.terminal.text)
    door.fence()
    assert door.writes() == [(ticket, True)]


def test_enter_admits_the_row_that_was_clicked_on(door: Door) -> None:
    door.terminal.person(MANY)
    door.terminal.shows(" found")
    fresh = {person.uuid for person in door.fresh()}
    rows = [(at, tickets_of(door, line)) for at, line in enumerate(door.terminal.lines)]
    row, ticket = [(at, named[0]) for at, named in rows if len(named) == 1 and named[0] in fresh][
        -1
    ]
    door.terminal.click(6, row)
    until(lambda: tickets_of(door, row_chosen(door)) == [ticket], lambda: door.terminal.text)
    door.terminal.press("enter")
    until(lambda: door.is_in(ticket), lambda: door.terminal.text)
    door.fence()
    assert door.writes() == [(ticket, True)]


def test_down_goes_on_from_the_row_that_was_answered_for(door: Door) -> None:
    listed = sorted(door.fresh(), key=lambda person: person.name.casefold())
    scanned = listed[len(listed) // 2]
    door.scan(scanned.uuid)
    until(lambda: door.is_in(scanned.uuid), lambda: door.terminal.text)

    def row_of() -> int:
        below = next(at for at, line in enumerate(door.terminal.lines) if "❯" in line)
        rows = [
            at
            for at, line in enumerate(door.terminal.lines)
            if at > below and tickets_of(door, line) == [scanned.uuid]
        ]
        return rows[0] if rows else -1

    until(lambda: row_of() > 0, lambda: door.terminal.text)
    door.terminal.rest(AFTER_NONE)
    door.terminal.press("down")
    until(lambda: row_chosen(door), lambda: door.terminal.text)
    assert door.terminal.lines.index(row_chosen(door)) - row_of() in (0, 1)


@pytest.mark.parametrize("name", ["jensen", MANY, "a", "jen"])
def test_many_hits_choose_nobody(door: Door, name: str) -> None:
    door.terminal.person(name)
    door.terminal.shows(" found")
    door.terminal.press("enter")
    door.terminal.rest(AFTER_NONE)
    door.fence()
    assert door.writes() == []


def test_nearest_names_choose_nobody(door: Door) -> None:
    person = next(
        each
        for each in door.fresh()
        if alone(door, each) and len(each.name.split()[1]) > 7 and each.name[-3] != each.name[-4]
    )
    name = person.name
    door.terminal.person(f"{name[:-4]}{name[-3]}{name[-4]}{name[-2:]}")  # two letters change places
    door.terminal.shows("nearest")
    door.terminal.press("enter")
    door.terminal.rest(AFTER_NONE)
    door.fence()
    assert door.writes() == []
    assert not door.in_front


def test_a_number_shows_somebody_and_the_persons_enter_admits(door: Door) -> None:
    person = door.fresh()[0]
    door.terminal.send((*str(person.number), "enter"), 0.005)
    door.terminal.shows(person.name)
    door.terminal.rest(AFTER_NONE)
    assert not door.is_in(person.uuid)
    door.terminal.press("enter")
    until(lambda: door.is_in(person.uuid), lambda: door.terminal.text)
    door.fence()
    assert door.writes() == [(person.uuid, True)]
