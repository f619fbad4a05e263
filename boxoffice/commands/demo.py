"""The commands that only the demonstration has."""

from boxoffice.commands.model import Command, Place, at

DEMO_COMMANDS: tuple[Command, ...] = (
    Command(
        "sheet",
        (),
        "Codes to try",
        "Sheet of codes to try",
        "Shows a code for each verdict, to be scanned off the screen or printed.",
        at(Place.DOOR),
        bound=False,
        in_footer=False,
    ),
    Command(
        "unplug",
        (),
        "Network",
        "Network off, or on again",
        "Cuts the door off from its site, as a bad evening does, or puts it back.",
        at(Place.DOOR),
        bound=False,
        in_footer=False,
    ),
    Command(
        "scan_shown",
        ("enter",),
        "Scan it",
        "Scan the code that is shown",
        "Has the code that is shown answered as if a scanner had read it.",
        at(Place.SHEET),
        bound=False,
    ),
    Command(
        "turn_sheet",
        ("left", "right"),
        "Others",
        "Next code",
        "Shows the code before or after.",
        at(Place.SHEET),
        bound=False,
        in_footer=False,
        in_palette=False,
    ),
    Command(
        "print_sheet",
        ("f8", "ctrl+b"),
        "Print",
        "Print the sheet of codes",
        "Prints all of these codes on A4; without a printer they are saved, and the place told.",
        at(Place.SHEET),
    ),
    Command(
        "save_sheet",
        ("ctrl+s",),
        "Save PDF",
        "Save the sheet of codes as PDF",
        "Saves all of these codes as a PDF file, and says where.",
        at(Place.SHEET),
    ),
)
