"""What stands on the badge of a guest, and on what label it is printed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from boxoffice.domain.highlights import HighlightPolicy
from boxoffice.domain.models import Answer, Order, Question, Ticket


class Badge(NamedTuple):
    """The texts of one, from top to bottom."""

    ticket: str
    """uuid."""
    name: str
    company: str
    answers: tuple[str, ...]
    event: str


class BadgePolicy(NamedTuple):
    size: tuple[int, int] | None = None
    """Width and height of a label in millimetres; None: there are no badges."""
    show: tuple[str, ...] = ()
    """What the questions are called whose answers stand on it."""
    at_check_in: bool = False
    """Each who is admitted gets one."""
    printer: str = ""
    """Its name; empty: the system's usual one."""

    def badge(
        self,
        ticket: Ticket,
        event: str,
        order: Order | None,
        questions: Sequence[Question],
        answers: Iterable[Answer],
    ) -> Badge:
        """The badge of `ticket`, with what is known."""
        shown = HighlightPolicy(show=self.show).of(ticket, questions, answers).answers
        company = ticket.company_name or (order.address.business_name if order else "")
        texts = tuple(answer.text for answer in shown if answer.text != company)
        return Badge(ticket.uuid, ticket.full_name, company, texts, event)


NO_BADGES = BadgePolicy()


def read_label(text: str) -> tuple[int, int] | None:
    """`62x100` as width and height in millimetres; empty: None. Raises ValueError."""
    if not text.strip():
        return None
    width, _, height = text.lower().replace("×", "x").removesuffix("mm").partition("x")
    size = int(width), int(height)
    if not all(20 <= side <= 300 for side in size):
        raise ValueError(text)
    return size
