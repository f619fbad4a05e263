"""What goes into `manage`: fields, JSON, a name typed at a terminal."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from boxoffice import ProblemError
from boxoffice.cli.manage_io import confirm, given
from boxoffice.manage import Record, Resource
from boxoffice.ticketbutler.resources.event_models import EventDetails
from boxoffice.ticketbutler.resources.ticket_types import TicketTypeDetails
from tests.manage.stage import not_here


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Types(Resource):
    name, title, one, model, columns = "types", "Types", "type", TicketTypeDetails, ("title",)

    async def list(self, event: str | None = None) -> Sequence[Record]:
        return ()


@pytest.mark.parametrize(("typed", "goes"), [("vip  box\n", True), ("VIP\n", False), ("", False)])
def test_a_name_is_typed_at_a_terminal(
    typed: str, goes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, shown = TicketTypeDetails(pk=1, uuid="a" * 32, title="VIP box"), Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", shown)
    types = Types(None, not_here)  # type: ignore[arg-type]
    if goes:
        confirm(types, row, "delete the type", None)
    else:
        with pytest.raises(ProblemError, match="nothing was done"):
            confirm(types, row, "delete the type", None)
    assert shown.getvalue() == "To delete the type “VIP box”, type that name: "


def test_amounts_and_parts_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"price": 0.10, "settings": {"a": 1}}'))
    sets = ["settings.b=2", "title=[x", 'ticket_types=[{"price": 1.50}]']
    rows, listed = given(EventDetails, sets, "-", anew=False)
    assert not listed
    assert rows == [
        {
            "price": "0.10",
            "settings": {"a": 1, "b": "2"},
            "title": "[x",
            "ticket_types": [{"price": "1.50"}],
        }
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"\xef\xbb\xbf  "])
def test_a_file_that_is_no_json(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "in.json"
    file.write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        given(EventDetails, (), str(file), anew=False)
    assert caught.value.status == 2
    file.write_bytes(b'\xef\xbb\xbf{"title": "x"}')
    assert given(EventDetails, (), str(file), anew=False) == ([{"title": "x"}], False)
