"""What goes wrong with paper, as one sentence."""


class PaperError(Exception):
    """Something could not be written or printed. `sentence` says what, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
