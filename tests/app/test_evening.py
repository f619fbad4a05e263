"""The evening that the README shows: it can still be gone through, and is what its words say."""

from pathlib import Path

from tests.pictures.story import STILLS, frames

SHOWN = {
    "admitted": ("ADMITTED", "Asta Godaften"),
    "already in": ("ALREADY IN", "9 s ago"),
    "search": ("jens", "Jens Lund"),
    "by name": ("ADMITTED", "Jens Lund"),
    "sale": ("CHANGE 10,00 DKK",),
    "sold": ("SOLD", "All checked in"),
    "offline": ("ADMITTED · not confirmed", "offline", "waiting 1"),
    "sent": ("online", "waiting 0"),
}


async def test_the_evening_of_the_readme(tmp_path: Path) -> None:
    evening = {frame.name: frame for frame in await frames(tmp_path / "data")}
    assert STILLS.keys() <= evening.keys()
    for name, words in SHOWN.items():
        screen = "\n".join(row.text for row in evening[name].rows)
        assert [word for word in words if word not in screen] == [], name
