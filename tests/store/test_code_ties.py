"""Ties and rules on disk: journalled, seen by other processes, never replaced unasked."""

import asyncio
from pathlib import Path

import pytest

from boxoffice.domain.code_ties import CodeRule, Field, Letters, RuleState
from boxoffice.domain.journal import LogRow
from boxoffice.domain.models import Ticket
from boxoffice.store import Journal, RosterStore, code_ties, journal_db, tickets
from tests.store.support import EVENT, OTHER_EVENT, execute, pull, ticket, uuid
from tests.store.test_migrations import make_full
from tests.support import EVENING, FakeClock

CODE = "GUEST-0815-X"
NUMBERS = CodeRule(Field.NUMBER, "TB-", "", 6)
NAMES = CodeRule(Field.EXTERNAL_ID, "X:", "", 0, Letters.UPPER)


async def journalled(journal: Journal) -> list[tuple[object, ...]]:
    def told(row: LogRow) -> tuple[object, ...]:
        return row.entry.kind, row.entry.event, row.entry.ticket, row.entry.code, row.operator

    return [told(row) for row in await journal.read_all(journal_db.log)]


async def test_a_tie_is_kept_with_who_made_it(journal: Journal, path: Path) -> None:
    tie, made = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert made
    assert tie == (CODE, EVENT, uuid(1), EVENING, "North", "Bo", tie.journal)
    assert await journal.read(code_ties.decisions, CODE, EVENT) == (tie, ())
    assert await journalled(journal) == [("tie", EVENT, uuid(1), CODE, "Bo")]
    assert execute(path, "SELECT code, ticket FROM code_tie") == [(CODE, uuid(1))]


@pytest.mark.parametrize("code", [CODE.lower(), f"{CODE} ", CODE[:-1], "", "%", "GUEST-0815-_"])
async def test_it_holds_for_this_text_alone(journal: Journal, code: str) -> None:
    await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert (await journal.read(code_ties.decisions, code, EVENT)).tie is None


async def test_it_holds_for_its_own_event(journal: Journal) -> None:
    mine, _ = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert (await journal.read(code_ties.decisions, CODE, OTHER_EVENT)).tie is None
    other, made = await journal.write(code_ties.tie, CODE, OTHER_EVENT, uuid(2))
    assert made
    assert (await journal.read(code_ties.decisions, CODE, EVENT)).tie == mine
    assert await journal.read(code_ties.newest) == [other, mine]


async def test_another_process_sees_it_at_once_and_takes_it_back(
    journal: Journal, south: Journal
) -> None:
    tie, _ = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert (await south.read(code_ties.decisions, CODE, EVENT)).tie == tie
    assert await south.read(code_ties.last, EVENT, south.lane) is None
    assert await journal.read(code_ties.last, EVENT, journal.lane) == tie
    assert await south.write(code_ties.untie, tie)
    assert (await journal.read(code_ties.decisions, CODE, EVENT)).tie is None
    assert not await journal.write(code_ties.untie, tie)
    assert await journalled(journal) == [
        ("tie", EVENT, uuid(1), CODE, "Bo"),
        ("untie", EVENT, uuid(1), CODE, "Ada"),
    ]


async def test_a_tie_is_replaced_only_by_who_knows_of_it(journal: Journal, south: Journal) -> None:
    first, _ = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert await south.write(code_ties.tie, CODE, EVENT, uuid(2)) == (first, False)
    second, made = await south.write(code_ties.tie, CODE, EVENT, uuid(2), instead_of=first)
    assert made
    assert await journal.write(code_ties.tie, CODE, EVENT, uuid(3), instead_of=first) == (
        second,
        False,
    )
    assert (await journal.read(code_ties.decisions, CODE, EVENT)).tie == second
    assert not await journal.write(code_ties.untie, first)
    rows = await journal.read_all(journal_db.log)
    assert [row.entry.data for row in rows] == [None, {"instead_of": uuid(1)}]


async def test_of_two_at_once_one_is_told(journal: Journal, south: Journal) -> None:
    (one, first), (two, second) = await asyncio.gather(
        journal.write(code_ties.tie, CODE, EVENT, uuid(1)),
        south.write(code_ties.tie, CODE, EVENT, uuid(2)),
    )
    assert sorted([first, second]) == [False, True]
    assert one == two == (await journal.read(code_ties.decisions, CODE, EVENT)).tie


async def test_a_tied_code_is_there_after_a_restart(
    journal: Journal, path: Path, clock: FakeClock
) -> None:
    tie, _ = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    await journal.write(code_ties.decide, NUMBERS, RuleState.ACCEPTED, EVENT)
    await journal.close()
    again = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    assert (await again.read(code_ties.decisions, CODE, EVENT)).tie == tie
    assert (await again.read(code_ties.decisions, "TB-000123", EVENT)).rules == (NUMBERS,)
    await again.close()


async def test_hostile_text_is_kept_as_text(journal: Journal) -> None:
    code = "'; DROP TABLE code_tie; -- [@click=app.quit]1[/]"
    tie, _ = await journal.write(code_ties.tie, code, EVENT, uuid(1))
    assert (await journal.read(code_ties.decisions, code, EVENT)).tie == tie


async def test_rules_are_for_the_site_and_the_last_decision_holds(
    journal: Journal, south: Journal
) -> None:
    await journal.write(code_ties.decide, NUMBERS, RuleState.DECLINED, EVENT)
    assert (await south.read(code_ties.decisions, "TB-000123", OTHER_EVENT)).rules == ()
    await journal.write(code_ties.decide, NAMES, RuleState.ACCEPTED, EVENT)
    await south.write(code_ties.decide, NUMBERS, RuleState.ACCEPTED, EVENT)
    assert (await journal.read(code_ties.decisions, "TB-000123", OTHER_EVENT)).rules == (
        NAMES,
        NUMBERS,
    )
    await journal.write(code_ties.decide, NAMES, RuleState.REVOKED, EVENT, "not any more")
    assert (await south.read(code_ties.decisions, "TB-000123", EVENT)).rules == (NUMBERS,)
    assert await journal.read(code_ties.rules) == {
        NUMBERS: RuleState.ACCEPTED,
        NAMES: RuleState.REVOKED,
    }
    kinds = [row.entry.kind for row in await journal.read_all(journal_db.log)]
    assert kinds == ["rule_declined", "rule_accepted", "rule_accepted", "rule_revoked"]
    assert [row.entry.reason for row in await journal.read_all(journal_db.log)][
        -1
    ] == "not any more"


async def test_a_rule_of_a_later_boxoffice_is_passed_over(journal: Journal, path: Path) -> None:
    execute(path, "INSERT INTO code_rule VALUES ('{\"field\": \"colour\"}', 'accepted', 7)")
    assert (await journal.read(code_ties.decisions, CODE, EVENT)).rules == ()
    assert await journal.read(code_ties.rules) == {}


async def test_a_file_from_before_there_were_ties(path: Path, clock: FakeClock) -> None:
    await make_full(path, 2)
    journal = await Journal.open(path, lane="North", operator="Bo", clock=clock)
    assert (await journal.read(code_ties.decisions, CODE, EVENT)) == (None, ())
    _, made = await journal.write(code_ties.tie, CODE, EVENT, uuid(1))
    assert made
    await journal.close()


# What the lists say of it


async def test_tickets_by_a_part_of_their_uuid(store: RosterStore) -> None:
    one = Ticket("0f3a9c1e" + "1" * 16 + "c0ffee00", EVENT, False)
    twin = Ticket("0f3a9c1e" + "2" * 16 + "c0ffee01", EVENT, False)
    last = Ticket("f" * 32, EVENT, False)
    away = Ticket("abcdef12" + "3" * 24, OTHER_EVENT, False)
    await pull(store, one, twin, last)
    await pull(store, away, event=OTHER_EVENT)

    async def look(part: str, event: str, *, at_end: bool) -> list[Ticket]:
        return await store.read(tickets.by_uuid_part, part, event, at_end=at_end)

    assert await look("0f3a9c1e1", EVENT, at_end=False) == [one]
    assert len(await look("0f3a9c1e", EVENT, at_end=False)) == 2
    assert await look("ffffffff", EVENT, at_end=False) == [last]
    assert await look("abcdef12", EVENT, at_end=False) == []
    assert await look("c0ffee01", EVENT, at_end=True) == [twin]
    assert await look("c0ffee0%", EVENT, at_end=True) == []


async def test_several_tickets_in_one_look(store: RosterStore) -> None:
    await pull(store, *(ticket(number) for number in range(5)))
    found = await store.read(tickets.several, [uuid(1), uuid(3), uuid(99)])
    assert sorted(found) == [ticket(1), ticket(3)]
    assert await store.read(tickets.several, []) == []
