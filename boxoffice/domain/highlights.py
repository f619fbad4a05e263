"""What the organiser wants seen of a guest at admission, by the settings `show` and `attention`.

Answers to some questions, such as allergies, and who is a VIP. No part of the verdict: it neither
lets anybody in nor keeps anybody out, and is not written down.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from boxoffice.domain.models import Answer, AnswerInput, Question, Ticket
from boxoffice.domain.questions import answer_text, as_answer, is_asked_of
from boxoffice.domain.text import clean, title_key
from boxoffice.language import N_, _

VIP = N_("VIP")
NOT_KNOWN = N_("not known")
BEING_READ = "…"
LONGEST = 400
"""Characters of an answer; the whole of it is with the ticket."""


class ShownAnswer(NamedTuple):
    """An answer that stands on the band."""

    label: str
    """What the organiser calls the question."""
    text: str

    @property
    def line(self) -> str:
        return f"{self.label}: {self.text}"


class Highlights(NamedTuple):
    is_vip: bool = False
    answers: tuple[ShownAnswer, ...] = ()
    """The most important first."""
    is_late: bool = False
    """The site was asked for the answers, and has not told them yet."""

    @property
    def lines(self) -> tuple[str, ...]:
        return (*((_(VIP),) if self.is_vip else ()), *(answer.line for answer in self.answers))


NOTHING = Highlights()


class HighlightPolicy(NamedTuple):
    show: tuple[str, ...] = ()
    """What the questions are called, the most important first: their headings, or words of them."""
    attention: frozenset[str] = frozenset()
    """Titles of the ticket types that stand out, as `title_key` has them."""

    def is_vip(self, ticket: Ticket) -> bool:
        return bool(self.attention) and title_key(ticket.ticket_type) in self.attention

    def reads_answers(self, questions: Sequence[Question] | None, ticket: Ticket | None) -> bool:
        """Whether an answer of `ticket` is to be seen; of None: of any ticket.

        As long as the questions are not known (None), one may be.
        """
        if questions is None or not self.show:
            return bool(self.show)
        headings = {one.uuid: one.heading for one in questions if is_asked_of(one, ticket)}
        return any(_called(label, headings) for label in self.show)

    def not_asked(self, questions: Sequence[Question]) -> list[str]:
        """What is to be shown, and is asked of nobody."""
        headings = {one.uuid: one.heading for one in questions if one.active}
        return [label for label in self.show if not _called(label, headings)]

    def of(
        self,
        ticket: Ticket,
        questions: Sequence[Question] | None,
        answers: Iterable[Answer] | None,
        given: Iterable[AnswerInput] = (),
        *,
        is_late: bool = False,
    ) -> Highlights:
        """What is to be seen of `ticket`.

        `questions`: the event's; None: not known. `answers`: as they were last read; None: never.
        `given`: newer ones, which the site may not have yet. `is_late`: newer ones may be told any
        moment. A question without an answer is left out, one whose answer is not known is not.
        """
        known = {question.uuid: question for question in questions or ()}
        by_question = {answer.question: answer for answer in answers or ()}
        by_question |= {new.question: as_answer(new, known.get(new.question)) for new in given}
        asked = {uuid: one.heading for uuid, one in known.items() if is_asked_of(one, ticket)}
        headings = asked | {
            uuid: known[uuid].heading if uuid in known else answer.heading
            for uuid, answer in by_question.items()
        }
        shown = []
        for label in self.show:
            called = _called(label, headings)
            texts = [
                _text(by_question[uuid], known.get(uuid)) for uuid in called if uuid in by_question
            ]
            may_be = questions is None or any(uuid in asked for uuid in called)
            if text := ", ".join(dict.fromkeys(filter(None, texts))):
                shown.append(ShownAnswer(label, text))
            elif answers is None and may_be and not texts:
                shown.append(ShownAnswer(label, BEING_READ if is_late else _(NOT_KNOWN)))
        return Highlights(self.is_vip(ticket), tuple(shown), is_late)


NO_HIGHLIGHTS = HighlightPolicy()


def _text(answer: Answer, question: Question | None) -> str:
    return clean(answer_text(answer, question), LONGEST)


def _called(label: str, headings: Mapping[str, str]) -> list[str]:
    """The questions with `label` as their heading, else those in which it begins a word."""
    wanted = title_key(label)
    keys = {uuid: title_key(heading) for uuid, heading in headings.items()}
    return [uuid for uuid, key in keys.items() if key == wanted] or [
        uuid for uuid, key in keys.items() if f" {wanted}" in f" {key}"
    ]
