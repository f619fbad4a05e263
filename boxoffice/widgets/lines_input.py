"""An entry of several lines."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class LinesInput(TextArea):
    """A TextArea that may be taken away while it is on the screen."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank once it is taken away: it has no styles left, and may be painted once more."""
        if not self.is_attached:
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)
