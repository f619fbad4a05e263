"""boxoffice: check-in at the door for events ticketed by Ticketbutler."""

__version__ = "0.1.0"


class ProblemError(Exception):
    """What a person can mend, as one sentence.

    It ends a command with that on standard error and an exit status, without a traceback.
    """

    def __init__(self, sentence: str, *, status: int = 1) -> None:
        """`status`: 1 for what failed, 2 for what was asked wrongly."""
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
