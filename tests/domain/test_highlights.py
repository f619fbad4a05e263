"""What stands on the band beside the verdict, by `show` and `attention`."""

import pytest

from boxoffice.config import Settings
from boxoffice.domain.highlights import Highlights
from boxoffice.domain.models import Answer, AnswerInput, Choice, Question, Ticket

TICKET = Ticket("a" * 32, "e" * 32, checked_in=False, ticket_type="Dinner")
ALLERGIES = Question("q1", "Har du allergier, eller andet vi skal vide?", "TEXTAREA")
MENU = Question("q2", "Menu", "SELECT", choices=(Choice("c1", "Vegan"), Choice("c2", "Fisk")))
COURSES = Question("q3", "Courses", "SELECT_MULTIPLE", choices=MENU.choices, ticket_type="Dinner")
SIZE = Question("q4", "Størrelse", ticket_type="Volunteer")
SIZES = Question("q5", "Størrelse på hat")
ALL = (ALLERGIES, MENU, COURSES, SIZE, SIZES)
NUTS = Answer("q1", value="nødder,\n[red]æg[/red]")


def seen(
    show: list[str],
    answers: list[Answer] | None,
    given: list[AnswerInput] | None = None,
    questions: tuple[Question, ...] | None = ALL,
    *,
    late: bool = False,
) -> list[str]:
    policy = Settings(show=tuple(show)).door_policy.highlights
    return list(policy.of(TICKET, questions, answers, given or (), is_late=late).lines)


@pytest.mark.parametrize(
    ("show", "answers", "lines"),
    [
        (["Allergier"], [NUTS], ["Allergier: nødder, [red]æg[/red]"]),
        (["ALLERGIER?"], [NUTS], ["ALLERGIER: nødder, [red]æg[/red]"]),
        (["allergi"], [NUTS], ["allergi: nødder, [red]æg[/red]"]),
        (["lergier"], [NUTS], []),
        (["menu", "courses"], [Answer("q2", choices=("c2",))], ["menu: Fisk"]),
        (
            ["courses", "menu"],
            [Answer("q2", choices=("c2",)), Answer("q3", choices=("c1", "c2"))],
            ["courses: Vegan, Fisk", "menu: Fisk"],
        ),
        (["Menu"], [Answer("q2", choices=("gone",), headings=("Kød",))], ["Menu: Kød"]),
        (["storrelse pa hat"], [Answer("q5", value="58")], ["storrelse pa hat: 58"]),
        # Who means one heading means no other that only begins as it does.
        (["Størrelse"], [Answer("q4", value="L"), Answer("q5", value="58")], ["Størrelse: L"]),
        (["Allergier"], [Answer("q1", value=" ")], []),
        (["Allergier"], [], []),
        (["Allergier"], None, ["Allergier: not known"]),
        (["Shoes"], None, []),
        (["???", "–", "Menu"], None, ["Menu: not known"]),
        ([], [NUTS], []),
    ],
)
def test_the_answers_that_are_shown(
    show: list[str], answers: list[Answer] | None, lines: list[str]
) -> None:
    assert seen(show, answers) == lines


def test_what_is_not_asked_of_the_ticket_is_not_missed() -> None:
    assert seen(["storrelse"], None, questions=(SIZE,)) == []
    assert seen(["courses"], None, questions=(COURSES,)) == ["courses: not known"]


def test_what_is_given_now_counts_before_what_was_read() -> None:
    given = [AnswerInput("q2", "c1"), AnswerInput("q1", "none"), AnswerInput("q3", ("c2",))]
    lines = ["Menu: Vegan", "Allergier: none", "Courses: Fisk"]
    assert seen(["Menu", "Allergier", "Courses"], [NUTS], given) == lines
    assert seen(["Menu", "Allergier", "Courses"], None, given) == lines


def test_while_the_site_is_asked_what_is_not_known_may_come() -> None:
    assert seen(["Allergier"], None, late=True) == ["Allergier: …"]
    assert seen(["Allergier"], [NUTS], late=True) == ["Allergier: nødder, [red]æg[/red]"]


def test_where_the_questions_are_not_known_an_answer_has_its_own_heading() -> None:
    told = Answer("q1", "Allergier", value="æg")
    assert seen(["Allergier", "Menu"], [told], questions=None) == ["Allergier: æg"]
    assert seen(["Allergier"], None, questions=None) == ["Allergier: not known"]


def test_a_long_answer_has_an_end() -> None:
    (line,) = seen(["Menu"], [Answer("q2", value="æg " * 2000)])
    assert len(line) < 420
    assert line.endswith("…")


@pytest.mark.parametrize(
    ("title", "is_vip"),
    [("VIP balcony", True), ("vip BALCÓNY!", True), ("VIP", False), ("Non-VIP balcony", False)],
)
def test_who_is_a_vip(title: str, is_vip: bool) -> None:
    policy = Settings(attention=("Vip Balcony", "—")).door_policy.highlights
    ticket = TICKET._replace(ticket_type=title)
    assert policy.of(ticket, ALL, None) == Highlights(is_vip)
    assert policy.is_vip(ticket) is is_vip
    assert not policy.is_vip(TICKET._replace(ticket_type=""))


@pytest.mark.parametrize(
    ("show", "questions", "ticket", "reads"),
    [
        ([], ALL, TICKET, False),
        ([], None, None, False),
        (["Menu"], ALL, TICKET, True),
        (["Menu"], ALL, None, True),
        (["Menu"], None, TICKET, True),
        (["Menu"], (), TICKET, False),
        (["Størrelse"], (SIZE,), TICKET, False),
        (["Størrelse"], (SIZE,), TICKET._replace(ticket_type=""), True),
    ],
)
def test_answers_are_read_only_where_they_are_shown(
    show: list[str], questions: tuple[Question, ...] | None, ticket: Ticket | None, reads: bool
) -> None:
    policy = Settings(show=tuple(show)).door_policy.highlights
    assert policy.reads_answers(questions, ticket) is reads
