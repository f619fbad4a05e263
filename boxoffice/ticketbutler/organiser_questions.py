"""An event's questions, as an organiser edits them. API document: "Data Collection".

In bulk all questions of a collection are written back, each with its uuid and its choices with
theirs: what a caller does not name stays, and only what is in `remove` goes.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from boxoffice.domain.text import hex_uuid
from boxoffice.organiser import Asked, ChoiceDetails, QuestionDetails, differences
from boxoffice.organiser import Collection as Questions
from boxoffice.organiser.fields import with_fields
from boxoffice.ticketbutler.calls import hex_of, same
from boxoffice.ticketbutler.changes import (
    NOTHING,
    PendingChange,
    PreparedChange,
    done,
    refuse,
    removal_of,
    reread,
)
from boxoffice.ticketbutler.errors import NotFound, Unreadable
from boxoffice.ticketbutler.organiser_base import Calls
from boxoffice.ticketbutler.organiser_question_shapes import (
    TEXTS,
    question_row,
    read_collections,
    read_question,
    told_choices,
)
from boxoffice.ticketbutler.wire import Call


class QuestionCalls(Calls):
    """API document: "Data Collection"."""

    async def questions(self, event: str, of: Asked = Asked.ATTENDEES) -> tuple[Questions, ...]:
        """The collections of questions asked of attendees, or of buyers.

        API document: "Get Ticket Type Questions", "Get Purchase Questions".
        """
        path = f"events/{hex_of(event, 'event')}/{of.value}/"
        return await self._client.send(Call("GET", path, read_collections, "event"))

    def save_questions(
        self,
        event: str,
        questions: Sequence[QuestionDetails],
        *,
        of: Asked = Asked.ATTENDEES,
        remove: Collection[str] = (),
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        """Write questions in bulk. API document: "Create/Update Ticket Type Questions".

        Those without a uuid are made, those with one become as given, all others stay as they are,
        with their choices. `remove`: uuids of the questions and choices to remove. Returns all
        questions, as read again.
        """

        def change(now: tuple[QuestionDetails, ...]) -> tuple[QuestionDetails, ...]:
            return _merged(now, questions)

        return self._save(event, of, change, remove)

    def add_question(
        self, event: str, question: QuestionDetails, *, of: Asked = Asked.ATTENDEES
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        """Ask one more question; without a `sort_id` it is the last.

        API document: "Create/Update Ticket Type Questions".
        """

        def change(now: tuple[QuestionDetails, ...]) -> tuple[QuestionDetails, ...]:
            after = max((each.sort_id or 0 for each in now), default=-1) + 1
            place = after if question.sort_id is None else question.sort_id
            return (*now, replace(question, uuid="", sort_id=place))

        return self._save(event, of, change)

    def update_question(
        self,
        event: str,
        question: str,
        change: Callable[[QuestionDetails], QuestionDetails] | None = None,
        /,
        *,
        of: Asked = Asked.ATTENDEES,
        remove: Collection[str] = (),
        **fields: Any,
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        """Change one question in bulk: by its fields, or by a function of what the site has now.

        API document: "Create/Update Ticket Type Questions". Choices that are left out stay, unless
        their uuids are in `remove`.
        """
        uuid = hex_of(question, "question")

        def changed(now: tuple[QuestionDetails, ...]) -> tuple[QuestionDetails, ...]:
            return _merged(now, [_changed(_named(now, uuid), change, fields)])

        return self._save(event, of, changed, remove)

    def remove_question(
        self, event: str, question: str, *, of: Asked = Asked.ATTENDEES
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        """Remove one question in bulk. API document: "Create/Update Ticket Type Questions"."""
        return self._save(event, of, lambda now: now, [hex_of(question, "question")])

    def reorder_questions(
        self, event: str, uuids: Sequence[str], *, of: Asked = Asked.ATTENDEES
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        """Put questions into this order; those not named follow in the order they have.

        API document: "Create/Update Ticket Type Questions".
        """
        order = [hex_of(each, "question") for each in uuids]

        def change(now: tuple[QuestionDetails, ...]) -> tuple[QuestionDetails, ...]:
            first = [_named(now, uuid) for uuid in dict.fromkeys(order)]
            rest = [each for each in now if each.uuid not in order]
            return tuple(replace(each, sort_id=at) for at, each in enumerate([*first, *rest]))

        return self._save(event, of, change)

    async def question(self, event: str, question: str) -> QuestionDetails:
        """One question, of attendees or of buyers. API document: "Get Specific Question"."""
        uuid = hex_of(question, "question")
        path = f"events/{hex_of(event, 'event')}/questions/{uuid}/"
        return await self._client.send(Call("GET", path, same(uuid, read_question), "question"))

    def patch_question(
        self,
        event: str,
        question: str,
        change: Callable[[QuestionDetails], QuestionDetails] | None = None,
        /,
        *,
        remove: Collection[str] = (),
        **fields: Any,
    ) -> PendingChange[QuestionDetails]:
        """Change one question alone, as `update_question` does.

        API document: "Update Specific Question". All its choices are sent along.
        """

        async def prepare() -> PreparedChange[QuestionDetails]:
            before = await self.question(event, question)
            (after,) = _merged((before,), [_changed(before, change, fields)])
            after = _without(after, _uuids(remove, [before]))
            if after.choices != before.choices:
                _all_told([before])
            different = differences(before, after)
            if not different:
                raise refuse("nothing to change", NOTHING)
            row = question_row(after, before)
            body = {name: value for name, value in row.items() if name != "uuid"}
            path = f"events/{hex_of(event, 'event')}/questions/{before.uuid}/"
            read = same(before.uuid, read_question)
            call = Call("PATCH", path, read, "question", body=body)
            return PreparedChange(call, lambda: self._client.send(call), different)

        return PendingChange(prepare)

    def delete_question(self, event: str, question: str) -> PendingChange[None]:
        """Remove one question alone. API document: "Delete specific question"."""

        def make() -> Call[None]:
            uuid = hex_of(question, "question")
            path = f"events/{hex_of(event, 'event')}/questions/{uuid}/"
            return Call("DELETE", path, _nothing, "question")

        return removal_of(self._client, make)

    def _save(
        self,
        event: str,
        of: Asked,
        change: Callable[[tuple[QuestionDetails, ...]], tuple[QuestionDetails, ...]],
        remove: Collection[str] = (),
    ) -> PendingChange[tuple[QuestionDetails, ...]]:
        async def prepare() -> PreparedChange[tuple[QuestionDetails, ...]]:
            before = _all(await self.questions(event, of))
            _all_told(before)
            gone = _uuids(remove, before)
            after = tuple(_without(each, gone) for each in change(before) if each.uuid not in gone)
            # The order in which they are sent is the order that is meant where places are equal.
            after = tuple(sorted(after, key=lambda each: each.sort_id or 0))
            different = differences(Questions(questions=before), Questions(questions=after))
            if not different:
                raise refuse("nothing to change", NOTHING)
            known = {each.uuid: each for each in before}
            body = {"questions": [question_row(each, known.get(each.uuid)) for each in after]}
            path = f"events/{hex_of(event, 'event')}/{of.value}/"
            call: Call[None] = Call("POST", path, _nothing, "event", body=body)

            async def send() -> tuple[QuestionDetails, ...]:
                await self._client.send(call, done)
                told = _all(await reread(lambda: self.questions(event, of)))
                _none_lost(after, told)
                return told

            return PreparedChange(call, send, different)

        return PendingChange(prepare)


def _all(collections: tuple[Questions, ...]) -> tuple[QuestionDetails, ...]:
    """Every question once, in the order of the collections."""
    found = {each.uuid: each for part in collections for each in part.questions}
    return tuple(found.values())


def _merged(
    now: tuple[QuestionDetails, ...], given: Sequence[QuestionDetails]
) -> tuple[QuestionDetails, ...]:
    """`now` with what is given, choices and all; nothing that is not given goes."""
    known = {each.uuid: each for each in now}
    for each in given:
        if each.uuid and each.uuid not in known:
            raise _no_question(each.uuid)
        if each.uuid:
            known[each.uuid] = _with_choices(known[each.uuid], each)
    return (*known.values(), *(each for each in given if not each.uuid))


def _with_choices(before: QuestionDetails, after: QuestionDetails) -> QuestionDetails:
    known = {each.uuid for each in before.choices}
    if any(each.uuid and each.uuid not in known for each in after.choices):
        raise NotFound("no such choice", "The question has no such choice: refresh the list.")
    named = {each.uuid for each in after.choices}
    left_out = tuple(each for each in before.choices if each.uuid not in named)
    return replace(after, choices=(*after.choices, *left_out))


def _changed(
    before: QuestionDetails,
    change: Callable[[QuestionDetails], QuestionDetails] | None,
    fields: dict[str, Any],
) -> QuestionDetails:
    after = with_fields(change(before) if change is not None else before, fields)
    return replace(after, uuid=before.uuid)


def _uuids(remove: Collection[str], among: Sequence[QuestionDetails]) -> set[str]:
    """What to remove, in hex; NotFound for what is not there."""
    there = {each.uuid for each in among} | {
        choice.uuid for each in among for choice in each.choices
    }
    uuids = {hex_uuid(each) or "" for each in remove}
    if not uuids <= there:
        raise _no_question("to remove")
    return uuids


def _without(question: QuestionDetails, gone: set[str]) -> QuestionDetails:
    kept: list[ChoiceDetails] = [
        each for each in question.choices if not each.uuid or each.uuid not in gone
    ]
    return replace(question, choices=tuple(kept))


def _named(questions: tuple[QuestionDetails, ...], uuid: str) -> QuestionDetails:
    for each in questions:
        if each.uuid == uuid:
            return each
    raise _no_question(uuid)


def _none_lost(sent: Sequence[QuestionDetails], told: Sequence[QuestionDetails]) -> None:
    """Raise if a question that was written back is gone all the same."""
    left = {each.uuid for each in told}
    if lost := [each for each in sent if each.uuid and each.uuid not in left]:
        names = ", ".join(f"“{each.heading}”" for each in lost)
        raise Unreadable(
            f"{len(lost)} questions are gone after an update",
            f"The site changed the questions, but these are no longer there: {names}.",
        )


def _all_told(questions: Sequence[QuestionDetails]) -> None:
    """Raise if a question's choices are not told: written back without them, it would lose them."""
    for each in questions:
        if each.variation not in TEXTS and not told_choices(each):
            raise Unreadable(
                f"question {each.uuid} without its choices",
                f"The site does not tell the choices of “{each.heading}”, so that a change could "
                "remove them: nothing was sent. Change it on the site's own pages.",
                maybe_applied=False,
            )


def _no_question(uuid: str) -> NotFound:
    return NotFound(
        f"no question or choice {uuid}", "The event has no such question: refresh the list."
    )


def _nothing(_value: object) -> None:
    return None
