"""Every command, once: its keys, its words in footer, palette and help, and where it is given.

The words are translated where they are drawn; the catalogues have them from this table.
"""

from enum import StrEnum, auto
from typing import NamedTuple


class Place(StrEnum):
    DOOR = auto()
    EVENTS = auto()
    TICKET = auto()
    QUEUE = auto()
    PARTY = auto()
    SALE = auto()
    OUTCOME = auto()
    ORDER = auto()
    PAPER = auto()
    SHEET = auto()
    """Codes to try, in the demonstration."""
    READINESS = auto()
    """Whether this computer is ready for the doors."""
    VENUE = auto()
    """Several doors that share one truth."""
    ARRIVALS = auto()
    HISTORY = auto()
    """Scans that were answered before."""
    TIE = auto()
    """Whose code was scanned."""
    DESK = auto()
    """The organiser's lists."""
    DESK_FORM = auto()
    DESK_CHANGE = auto()
    """What will be different, before it is sent."""
    SETTINGS = auto()
    HELP = auto()
    LOGIN = auto()
    FIRST_START = auto()
    """What is asked once, before the first scan."""
    DIALOG = auto()


class Command(NamedTuple):
    """Something a person can ask for."""

    id: str
    """Name of its action, and what a key is remapped by in the config file."""
    keys: tuple[str, ...]
    """As Textual names them; the first is shown in the footer."""
    label: str
    """For the footer: a word or two."""
    title: str
    """For the palette."""
    help: str
    """One sentence for the help screen."""
    places: frozenset[Place]
    on_app: bool = False
    bound: bool = True
    priority: bool = False
    """Its key works also where a field would take it."""
    in_footer: bool = True
    """Never without a key."""
    spare: int = 0
    """The higher, the sooner it is left out of the footer where room is short."""
    in_palette: bool = True

    @property
    def action(self) -> str:
        return f"app.{self.id}" if self.on_app else self.id


def at(*places: Place) -> frozenset[Place]:
    return frozenset(places)


EVERYWHERE = frozenset(Place)

# In the order of footer and help.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    # Only in the demonstration
    Command("sheet", (), "Codes to try", "Sheet of codes to try",
        "Shows a code for each verdict, to be scanned off the screen or printed.", at(Place.DOOR),
        on_app=True, bound=False),
    Command("scan_shown", ("enter",), "Scan it", "Scan the code that is shown",
        "Answers the code that is shown as if a scanner had read it.", at(Place.SHEET),
        bound=False),
    Command("turn_sheet", ("left", "right"), "Others", "Next code",
        "Shows the code before or after.", at(Place.SHEET), bound=False, in_footer=False,
        in_palette=False),
    Command("print_sheet", ("f8", "ctrl+b"), "Print", "Print the sheet of codes",
        "Prints all of these codes on A4; without a printer, saves them and says where.",
        at(Place.SHEET)),
    Command("save_sheet", ("ctrl+s",), "Save PDF", "Save the sheet of codes as PDF",
        "Saves all of these codes as a PDF file, and says where.", at(Place.SHEET)),
    # Before doors
    Command("log_in", ("ctrl+s",), "Log in", "Log in with this key",
        "Tries site and key at the site, and keeps them where it takes them.", at(Place.LOGIN)),
    Command("begin", ("ctrl+s",), "Go on", "Go on to the door",
        "Takes up what stands here.", at(Place.FIRST_START)),
    Command("readiness", (), "Ready?", "Ready for the doors? Go, or no-go",
        "Looks at site, list, disk, clock and more, and says whether this computer is ready.",
        at(Place.DOOR), on_app=True, bound=False),
    Command("venue", (), "Venue", "Venue: several doors, one truth; be the hub, or join one",
        "Shows the doors that share one truth, makes this computer their hub, or joins one.",
        at(Place.DOOR), on_app=True, bound=False),
    Command("print_card", ("f8", "ctrl+b"), "Print", "Print this card",
        "Prints the card on A4; without a printer, saves it and says where.",
        at(Place.READINESS)),
    Command("save_card", ("ctrl+s",), "Save PDF", "Save this card as PDF",
        "Saves the card as a PDF file, and says where.", at(Place.READINESS)),
    # The organiser's desk. At the door it has no key: only the palette leads there.
    Command("desk", ("f3", "ctrl+y"), "Desk", "The organiser's desk: stock, questions, orders",
        "Opens the organiser's desk at the highlighted event: its ticket types, questions, orders.",
        at(Place.EVENTS)),
    Command("organiser_desk", (), "Desk", "The organiser's desk: stock, questions, orders",
        "Opens the organiser's desk at this event: its ticket types, questions, orders.",
        at(Place.DOOR), on_app=True, bound=False),
    Command("desk_open", ("enter",), "Open", "Open the highlighted row",
        "Opens what is highlighted, to be looked at or changed.", at(Place.DESK), bound=False,
        in_palette=False),
    Command("desk_new", ("f4", "ctrl+n"), "New", "Make a new one",
        "Begins a new one, with an empty form.", at(Place.DESK)),
    Command("desk_more", ("f2", "ctrl+t"), "Actions", "What else can be done here",
        "Shows what else can be done with the highlighted row, or with all of them.",
        at(Place.DESK)),
    Command("desk_delete", ("f8", "ctrl+b"), "Delete", "Delete the highlighted row",
        "Deletes what is highlighted, once its name has been typed.", at(Place.DESK)),
    Command("desk_save", ("ctrl+s",), "Look", "Look at what will be different",
        "Shows what will be different; nothing is sent before that.", at(Place.DESK_FORM)),
    Command("desk_send", ("enter",), "Send", "Send the change",
        "Sends the change to the site.", at(Place.DESK_CHANGE), bound=False, in_palette=False),
    # The box office: party, sale, order, paper.
    Command("admit_party", ("enter",), "Admit", "Admit all who are ticked",
        "Checks in all who are ticked; one undo takes it back.", at(Place.PARTY), bound=False),
    Command("tick", ("space",), "Tick", "Tick or untick",
        "Ticks the highlighted one, or takes the tick away.", at(Place.PARTY), bound=False,
        in_palette=False),
    Command("tick_all", ("ctrl+a",), "All or none", "Tick all, or none",
        "Ticks all who are not in, or takes all ticks away.", at(Place.PARTY), spare=2),
    Command("order", ("ctrl+o",), "Order", "Order: buyer, tickets, refund",
        "Shows the order: its buyer, tickets and answers; corrects or refunds it.",
        at(Place.TICKET, Place.PARTY)),
    Command("refund", ("ctrl+l",), "Refund", "Refund the whole order",
        "Refunds the whole order at the site, after asking.", at(Place.ORDER)),
    Command("give_back", (), "Give back", "Give back what was paid here for the order",
        "Hands back what was paid at the door for an order that the site has as not paid.",
        at(Place.ORDER), bound=False),
    Command("print_ticket", ("f8", "ctrl+b"), "Print", "Print this ticket",
        "Prints the ticket that is shown; without a printer, saves it and says where.",
        at(Place.PAPER)),
    Command("print_all", ("ctrl+a",), "Print all", "Print all of these tickets",
        "Prints all the tickets that are shown here, a page each.", at(Place.PAPER)),
    Command("print_receipt", ("ctrl+r",), "Receipt", "Print the receipt, on 80 mm",
        "Prints the receipt of the sale, or a slip of the ticket, for a roll of 80 mm.",
        at(Place.PAPER)),
    Command("print_badge", ("f4", "ctrl+n"), "Badge", "Print this guest's badge",
        "Prints the badge of the ticket that is shown, where the config file says how large it is.",
        at(Place.PAPER), in_footer=False),
    Command("save_tickets", ("ctrl+s",), "Save PDF", "Save the tickets as PDF",
        "Saves the tickets as a PDF file, and says where.", at(Place.PAPER)),
    Command("site_pdf", ("ctrl+o",), "Site's PDF", "Save the site's own ticket PDF",
        "Fetches the order's own ticket PDF from the site, saves it, and says where.",
        at(Place.PAPER), spare=2),
    Command("turn", ("left", "right"), "Next", "Next ticket",
        "Shows the ticket before or after, where there are several.", at(Place.PAPER), bound=False,
        in_footer=False, in_palette=False),
    Command("sell", ("ctrl+s",), "Sell", "Sell what is filled in",
        "Sells what is filled in, from wherever the cursor is.", at(Place.SALE)),
    Command("paid", ("f3", "ctrl+y"), "Paid by", "Paid in another way",
        "Goes from one way of payment to the next.", at(Place.SALE)),
    Command("check_in_now", ("f2", "ctrl+t"), "Check in", "Check in now, or not",
        "Chooses whether those who buy are checked in at once.", at(Place.SALE), spare=1),
    Command("more", ("ctrl+o",), "Questions", "Show or hide the optional questions",
        "Shows the questions that need not be answered, or hides them.", at(Place.SALE), spare=2),
    Command("discount", ("f7", "ctrl+l"), "Discount", "Discount code",
        "Goes to the field for a discount code of the site.", at(Place.SALE), spare=3),
    Command("discard_sale", ("f9", "ctrl+z"), "Discard", "Discard this sale",
        "Empties the form, after asking: nothing of it is sold.", at(Place.SALE), spare=3),
    Command("house_email", (), "House e-mail", "The house's own e-mail, for buyers who give none",
        "Asks which e-mail address stands in for buyers who give none, and keeps it.",
        at(Place.SALE), bound=False),
    Command("next_sale", ("enter",), "Go on", "Go on to the next sale",
        "Goes on to the next sale; after a refusal back to the form.", at(Place.OUTCOME),
        bound=False),
    Command("sell_again", ("ctrl+n",), "Sell again", "Sell it again",
        "Places the order once more, after looking for it once more.", at(Place.OUTCOME)),
    Command("found_order", ("ctrl+f",), "Found", "I found the order",
        "You found the order at the site: says which one it is.", at(Place.OUTCOME)),
    Command("give_up", ("ctrl+d", "delete"), "Give up", "Give the sale up",
        "Gives the sale up and takes it out of the account; asks for the reason and keeps it.",
        at(Place.OUTCOME)),
    Command("open_sale", ("enter",), "Open", "Open the highlighted sale",
        "Shows how the highlighted sale stands, and what can be done about it.", at(Place.QUEUE),
        bound=False),
    Command("shift", (), "Till", "Till: open with a float, close with a count",
        "Opens this lane's till with a float, or closes it after a count and a question.",
        at(Place.DOOR), bound=False),
    Command("print_guest_list", (), "Print list", "Print the guest list, to be ticked with a pen",
        "Prints all guests from A to Z on A4; without a printer, saves them and says where.",
        at(Place.DOOR), bound=False),
    Command("save_guest_list", (), "Save list", "Save the guest list as PDF",
        "Saves all guests from A to Z as a PDF file, and says where.", at(Place.DOOR),
        bound=False),
    Command("hooks", (), "Webhooks", "Live by webhook: where, and whether the site sends them",
        "Shows the address that webhooks are received at, and has the site send them, or not.",
        at(Place.DOOR), on_app=True, bound=False),
    # The door, and what is everywhere, in the order of footer and help.
    Command("check_in", ("enter",), "Check in", "Check in",
        "Checks in the one person who is left, or the row chosen with ↑ ↓ or the mouse.",
        at(Place.DOOR), bound=False, spare=4, in_palette=False),
    Command("move", ("up", "down", "pageup", "pagedown", "home", "end"), "Move", "Move in the list",
        "Moves in the list.", at(Place.DOOR, Place.TIE), bound=False, in_footer=False,
        in_palette=False),
    Command("filter", ("tab", "shift+tab"), "Filter", "Filter the list",
        "Shows all, those not in, those in, or those that need attention.", at(Place.DOOR),
        bound=False, spare=4),
    Command("clear", ("escape",), "Clear", "Clear the line",
        "Clears what is typed and shows the whole list.", at(Place.DOOR), bound=False, spare=4),
    Command("back", ("escape",), "Back", "Back",
        "Closes this and goes back.", EVERYWHERE - {Place.DOOR, Place.FIRST_START},
        in_palette=False),
    Command("save", ("ctrl+s",), "Save", "Save",
        "Saves what is filled in.",
        at(Place.TICKET, Place.ORDER)),
    Command("open", ("enter",), "Open", "Open the event",
        "Opens the highlighted event's door.", at(Place.EVENTS), bound=False, in_palette=False),
    Command("old_events", ("ctrl+o",), "Past events", "Show past events",
        "Shows or hides the events that are over.", at(Place.EVENTS)),
    Command("retry", ("ctrl+r",), "Send again", "Send the highlighted row again",
        "Sends the highlighted row again.", at(Place.QUEUE)),
    Command("retry_all", ("ctrl+a",), "Send all", "Send everything that failed again",
        "Sends everything that failed again.", at(Place.QUEUE), spare=3),
    Command("dismiss_row", ("ctrl+d", "delete"), "Dismiss", "Dismiss the highlighted row",
        "Takes the highlighted row off the queue once it is dealt with; asks what was done.",
        at(Place.QUEUE)),
    Command("export", ("ctrl+s",), "Export", "Export the queue to a file",
        "Writes what waits, what failed and the conflicts to a file.", at(Place.QUEUE), spare=2),
    Command("help", ("f1", "ctrl+g"), "Help", "Help for this screen",
        "Shows what can be done on this screen.", EVERYWHERE - {Place.HELP}, on_app=True),
    Command("ticket", ("f2", "ctrl+t"), "Ticket", "Ticket: details and questions",
        "Opens the highlighted ticket, or the last one scanned: details, name and questions.",
        at(Place.DOOR)),
    Command("party", ("f3", "ctrl+y"), "Party", "Party: everyone on the same order",
        "Shows everyone on the same order, to be checked in together.",
        at(Place.DOOR, Place.TICKET), spare=2),
    Command("sale", ("f4", "ctrl+n"), "Sale", "Walk-up sale",
        "Sells tickets at the door.", at(Place.DOOR), spare=2),
    Command("refresh", ("f5", "ctrl+r"), "Refresh", "Refresh now",
        "Asks the site now for what is shown: the list, the ticket, the stock.",
        at(Place.DOOR, Place.EVENTS, Place.TICKET, Place.PARTY, Place.SALE, Place.OUTCOME,
           Place.ORDER, Place.DESK, Place.READINESS), spare=4),
    Command("queue", ("f6", "ctrl+k"), "Queue", "Queue: waiting, failed, conflicts",
        "Shows what is still to be sent, what failed, and the conflicts.", at(Place.DOOR)),
    Command("history", ("ctrl+f",), "History", "History: who was scanned, and what became of it",
        "Shows who was scanned, newest first, and whether the site has it since; typing searches.",
        at(Place.DOOR), spare=5),
    Command("before", ("left", "right"), "Before", "Who was before this one?",
        "Shows the answer before, in grey: ← goes further back, → forward, Esc to the last one.",
        at(Place.DOOR), bound=False, in_footer=False),
    Command("open_scan", ("enter",), "Ticket", "Open the ticket that was scanned",
        "Opens the ticket of the highlighted scan.", at(Place.HISTORY), bound=False,
        in_palette=False),
    Command("arrivals", ("f7", "ctrl+l"), "Arrivals", "Arrivals: counts, curve, by ticket type",
        "Shows how many are in and expected, how fast they come, and when all will be in.",
        at(Place.DOOR), spare=3),
    Command("paper", ("f8", "ctrl+b"), "Show", "Ticket on screen, and on paper",
        "Shows the ticket's code on the screen, and prints or saves ticket and receipt.",
        at(Place.DOOR, Place.TICKET, Place.PARTY, Place.SALE, Place.OUTCOME, Place.ORDER), spare=3),
    Command("undo", ("f9", "ctrl+z"), "Undo", "Undo my last check-in",
        "Takes back this lane's last check-in, or a party's; asks where the band shows another.",
        at(Place.DOOR, Place.PARTY)),
    Command("override", ("ctrl+o",), "Override", "Override: admit all the same",
        "Admits after WRONG DAY, WRONG DOOR and what else may be set aside; asks for the reason.",
        at(Place.DOOR)),
    Command("take_payment", ("f12",), "Payment", "Take the payment: what is NOT PAID, paid here",
        "After NOT PAID, where pay_at_door is set: takes what is due for the order, and admits.",
        at(Place.DOOR), spare=2),
    Command("tie", ("ctrl+d",), "Whose is it", "This code is …: tie it to a guest",
        "After UNKNOWN or CAN'T TELL: says whose code it is; it is read as theirs from then on.",
        at(Place.DOOR), in_footer=False),
    Command("tie_to", ("enter",), "This guest", "This guest",
        "Ties the code to the guest who was chosen, or who alone is left, and answers for them.",
        at(Place.TIE), bound=False, in_palette=False),
    Command("untie", (), "Untie", "Take back the last tie of a code to a guest",
        "Takes back the tie of the code on the band, else the last one made here, after asking.",
        at(Place.DOOR), bound=False),
    Command("code_rule", (), "Rule for codes",
        "Rule for codes: read them by what ties show, or no longer",
        "Offers a rule where the codes tied so far follow one, or stops using the accepted one.",
        at(Place.DOOR), bound=False),
    Command("events", ("f10", "ctrl+e"), "Events", "Choose another event",
        "Chooses another event.", at(Place.DOOR), on_app=True, spare=3),
    Command("command_palette", ("ctrl+p",), "More", "Command palette",
        "Finds every command by its name.", EVERYWHERE - {Place.LOGIN, Place.FIRST_START},
        on_app=True, priority=True, spare=1, in_palette=False),
    Command("numbers", (), "Numbers", "Numbers admit at once, or ask for the name",
        "Lets a ticket's number check in when it is scanned, or has it ask for the name again.",
        at(Place.DOOR), bound=False),
    Command("operator", (), "Operator", "Who is at the door: another person from now on",
        "Says who is at the door from now on: the journal and the till name them.",
        at(Place.DOOR), on_app=True, bound=False),
    Command("sound", (), "Sound", "Sound: on, quiet or off",
        "Chooses whether each kind of answer is heard, and how loud.", at(Place.DOOR),
        on_app=True, bound=False),
    Command("settings", ("ctrl+s", "ctrl+comma"), "Settings",
        "Settings: this door, who is at it, colours, PIN",
        "Shows what can be set here, and what it is set to; it is kept in the config file.",
        at(Place.DOOR), on_app=True, in_footer=False),
    Command("change_setting", ("enter",), "Change", "Change the highlighted setting",
        "Changes what is highlighted, from now on.", at(Place.SETTINGS), bound=False,
        in_palette=False),
    Command("login", (), "Log in", "Log in again: another key or site",
        "Asks for site and key again.", at(Place.DOOR, Place.EVENTS), on_app=True, bound=False),
    Command("contrast", (), "Contrast", "High contrast on or off",
        "Switches between the usual colours and high contrast.", EVERYWHERE, on_app=True),
    # Only in the demonstration
    Command("unplug", ("ctrl+x",), "Network", "Network off, or on again",
        "Cuts the door off from its site, to try that out, or connects it again.", at(Place.DOOR),
        on_app=True, in_footer=False),
    Command("guide", ("ctrl+a",), "Guide", "Guide: what to try next, or not",
        "Shows a line that proposes what to try next, or closes it.", at(Place.DOOR),
        on_app=True, in_footer=False),
    Command("quit", ("ctrl+q",), "Quit", "Quit",
        "Leaves boxoffice, after asking.", EVERYWHERE, on_app=True, priority=True),
)
# fmt: on
