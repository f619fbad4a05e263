"""From questions and earlier answers to a form, and from the form to what is stored."""

from hypothesis import given as for_all
from hypothesis import strategies as some

from boxoffice.domain.models import Answer, AnswerInput, Choice, Question
from boxoffice.domain.questions import (
    BOTH_NAMES,
    GONE,
    NOT_A_NUMBER,
    NOT_A_PHONE,
    NOT_AN_EMAIL,
    REQUIRED,
    Draft,
    Variation,
    before,
    changed,
    check,
    fields,
    is_empty,
    other_answers,
    problem,
    value,
    variation,
)
from tests.support import table

VEGAN, MEAT, FISH = (Choice(letter * 32, letter) for letter in "abc")
CHOICES = (VEGAN, MEAT, FISH)


def ask(kind: str = "TEXT", uuid: str = "q", *, required: bool = False) -> Question:
    choices = CHOICES if kind.startswith("SELECT") else ()
    return Question(uuid, f"Heading {uuid}", kind, required=required, choices=choices)


@table("kind", list(Variation))
def test_every_variation_is_known(kind: Variation) -> None:
    assert variation(ask(kind.value)) is kind
    assert variation(ask(kind.value.lower())) is kind


@table("kind", ["DATE", "", "SELECT MULTIPLE", "[red]"])
def test_an_unknown_variation_is_a_text(kind: str) -> None:
    assert variation(ask(kind)) is Variation.TEXT


@table(
    ("kind", "answer", "draft"),
    [
        ("TEXT", None, ""),
        ("TEXT", Answer("q", value="Hello"), "Hello"),
        ("TEXTAREA", Answer("q", value="One\nTwo"), "One\nTwo"),
        ("NUMBER", Answer("q", value="7"), "7"),
        ("SELECT", None, ""),
        ("SELECT", Answer("q", choices=(MEAT.uuid,)), MEAT.uuid),
        ("SELECT", Answer("q", choices=("gone",)), ""),
        ("SELECT_MULTIPLE", None, ()),
        ("SELECT_MULTIPLE", Answer("q", choices=(FISH.uuid, "gone")), (FISH.uuid,)),
        ("NAME_FIRST_LAST", None, ("", "")),
        ("NAME_FIRST_LAST", Answer("q", value="Anne Marie Skov"), ("Anne Marie", "Skov")),
        ("NAME_FIRST_LAST", Answer("q", value="Cher"), ("Cher", "")),
    ],
)
def test_what_was_answered_before_is_in_the_form(
    kind: str, answer: Answer | None, draft: Draft
) -> None:
    assert before(ask(kind), answer) == draft


GOOD: list[tuple[str, Draft, str | tuple[str, ...]]] = [
    ("TEXT", "  plain  ", "plain"),
    ("TEXT", "[b]not markup[/b]", "[b]not markup[/b]"),
    ("TEXTAREA", "One\r\nTwo\n", "One\nTwo"),
    ("NAME", "Søren Ågård", "Søren Ågård"),
    ("COMPANY", "A/S & Sønner", "A/S & Sønner"),
    ("UNHEARD_OF", "anything", "anything"),
    ("NUMBER", "42", "42"),
    ("NUMBER", "-3", "-3"),
    ("NUMBER", "1,5", "1.5"),
    ("EMAIL", " anna@example.dk ", "anna@example.dk"),
    ("EMAIL", "a.b+c@sub.example.co.uk", "a.b+c@sub.example.co.uk"),
    ("PHONE", "+45 12 34 56 78", "+45 12 34 56 78"),
    ("PHONE", "(020) 7946-0000", "(020) 7946-0000"),
    ("PHONE", "112 4", "112 4"),
    ("NAME_FIRST_LAST", (" Anne Marie", "Skov "), "Anne Marie Skov"),
    ("SELECT", MEAT.uuid, MEAT.uuid),
    ("SELECT_MULTIPLE", (MEAT.uuid, FISH.uuid), (MEAT.uuid, FISH.uuid)),
]


@table(("kind", "draft", "stored"), GOOD)
def test_a_good_answer_is_stored(kind: str, draft: Draft, stored: str | tuple[str, ...]) -> None:
    question = ask(kind, required=True)
    assert problem(question, draft, required=True) == ""
    assert value(question, draft) == stored


@table(
    ("kind", "draft", "sentence"),
    [
        ("NUMBER", "many", NOT_A_NUMBER),
        ("NUMBER", "1.000.000", NOT_A_NUMBER),
        ("NUMBER", "٣", NOT_A_NUMBER),
        ("NUMBER", "1e5", NOT_A_NUMBER),
        ("EMAIL", "anna", NOT_AN_EMAIL),
        ("EMAIL", "anna@", NOT_AN_EMAIL),
        ("EMAIL", "anna@example", NOT_AN_EMAIL),
        ("EMAIL", "anna@example..dk", NOT_AN_EMAIL),
        ("EMAIL", "a b@example.dk", NOT_AN_EMAIL),
        ("EMAIL", "a@b@example.dk", NOT_AN_EMAIL),
        ("EMAIL", f"a@{'x' * 300}.dk", NOT_AN_EMAIL),
        ("PHONE", "call me", NOT_A_PHONE),
        ("PHONE", "123", NOT_A_PHONE),
        ("PHONE", "----", NOT_A_PHONE),
        ("NAME_FIRST_LAST", ("Anne", " "), BOTH_NAMES),
    ],
)
def test_a_bad_answer_has_one_sentence(kind: str, draft: Draft, sentence: str) -> None:
    assert problem(ask(kind), draft, required=True) == sentence


@table("draft", ["", "  ", (), ("", " ")])
def test_only_a_required_question_must_be_answered(draft: Draft) -> None:
    assert is_empty(draft)
    assert problem(ask(), draft, required=True) == REQUIRED
    assert problem(ask(), draft, required=False) == ""


def test_a_long_answer_is_not_cut_but_refused() -> None:
    assert problem(ask(), "x" * 1_000, required=False) == ""
    assert "Shorten this by 7 " in problem(ask(), "x" * 1_007, required=False)
    assert problem(ask("TEXTAREA"), "x" * 4_000, required=False) == ""


def test_what_must_be_answered_comes_first_and_what_is_inactive_does_not_come() -> None:
    first, second, third = ask(uuid="1"), ask(uuid="2", required=True), ask(uuid="3")
    off = Question("4", "Off", active=False)
    unheard = ask(uuid="5", required=True)
    form = fields([first, second, third, off], {}, asked=[unheard, second])
    assert [(field.question.uuid, field.asked) for field in form] == [
        ("5", True),
        ("2", True),
        ("1", False),
        ("3", False),
    ]


def test_only_what_was_changed_is_stored() -> None:
    answers = {"1": Answer("1", value="kept"), "2": Answer("2", value="old")}
    form = fields([ask(uuid="1"), ask(uuid="2"), ask("NUMBER", "3")], answers)
    assert check(form, {}, admit=False).given == ()
    assert check(form, {"1": "kept "}, admit=False).given == ()
    assert check(form, {"1": "kept", "2": "new", "3": "5"}, admit=False).given == (
        AnswerInput("2", "new"),
        AnswerInput("3", "5"),
    )


def test_an_answer_can_be_emptied_unless_it_is_required() -> None:
    answers = {uuid: Answer(uuid, value="old") for uuid in "12"}
    form = fields([ask(uuid="1"), ask(uuid="2", required=True)], answers)
    assert check(form, {"1": ""}, admit=False).given == (AnswerInput("1", ""),)
    assert check(form, {"2": " "}, admit=False).problems == {"2": REQUIRED}


def test_choices_can_all_be_taken_back_but_a_single_choice_cannot() -> None:
    answers = {uuid: Answer(uuid, choices=(MEAT.uuid,)) for uuid in "12"}
    form = fields([ask("SELECT", "1"), ask("SELECT_MULTIPLE", "2")], answers)
    assert check(form, {"1": "", "2": ()}, admit=False).given == (AnswerInput("2", ()),)


def test_what_is_asked_holds_an_admission_up_but_not_a_save() -> None:
    asked = ask(uuid="1", required=True)
    form = fields([asked, ask(uuid="2", required=True)], {}, asked=[asked])
    assert check(form, {}, admit=True).problems == {"1": REQUIRED}
    assert check(form, {}, admit=False).problems == {}
    assert check(form, {"1": "yes"}, admit=True).given == (AnswerInput("1", "yes"),)


def test_an_old_answer_that_the_site_asks_for_again_is_sent_again() -> None:
    asked = ask(uuid="1", required=True)
    form = fields([asked], {"1": Answer("1", value="as before")}, asked=[asked])
    assert check(form, {}, admit=True).given == (AnswerInput("1", "as before"),)


def test_nothing_is_stored_while_there_is_a_problem() -> None:
    form = fields([ask(uuid="1"), ask("NUMBER", "2")], {})
    checked = check(form, {"1": "fine", "2": "many"}, admit=False)
    assert checked.given == ()
    assert checked.problems == {"2": NOT_A_NUMBER}


@table("kind", ["SELECT", "SELECT_MULTIPLE"])
def test_a_choice_without_choices_holds_nobody_up(kind: str) -> None:
    asked = Question("1", "Pick", kind, required=True)
    assert check(fields([asked], {}, asked=[asked]), {}, admit=True).problems == {}


def test_a_choice_without_a_label_is_named_by_its_place() -> None:
    question = Question("1", "Pick", "SELECT", choices=(Choice("a", ""), Choice("b", "Fish")))
    assert fields([question], {})[0].choices == (("a", "Choice 1"), ("b", "Fish"))


def test_answers_without_a_field_are_shown() -> None:
    known = ask(uuid="1")
    off = Question("2", "Off", "SELECT", active=False, choices=CHOICES)
    answers = {
        "1": Answer("1", value="in the form"),
        "2": Answer("2", choices=(MEAT.uuid, "gone")),
        "3": Answer("3", heading="Of yore", value="yes"),
    }
    assert other_answers([known, off], answers) == (("Off", f"b, {GONE}"), ("Of yore", "yes"))


def test_changed_knows_what_would_be_lost() -> None:
    form = fields([ask(uuid="1"), ask("SELECT_MULTIPLE", "2")], {})
    assert not changed(form, {})
    assert not changed(form, {"1": "  ", "2": ()})
    assert changed(form, {"1": "x"})
    assert changed(form, {"2": (MEAT.uuid,)})


@for_all(some.sampled_from(list(Variation)), some.text())
def test_any_text_is_either_stored_or_has_a_sentence(kind: Variation, text: str) -> None:
    draft: Draft = text
    if kind in (Variation.SELECT, Variation.SELECT_MULTIPLE):
        return
    if kind is Variation.NAME_FIRST_LAST:
        draft = (text, text)
    form = fields([ask(kind.value, "1")], {})
    checked = check(form, {"1": draft}, admit=False)
    if checked.problems:
        assert checked.problems["1"].endswith(".")
        assert checked.given == ()
