"""The table of commands. What a command needs is imported when it runs."""

from cyclopts import App, Parameter

from boxoffice import __version__
from boxoffice.cli.access import login, logout
from boxoffice.cli.door import demo, door
from boxoffice.cli.headless import scan, sync
from boxoffice.cli.hooks import hooks
from boxoffice.cli.listing import events, queue
from boxoffice.cli.report import report
from boxoffice.cli.selling import sell
from boxoffice.cli.serving import sandbox
from boxoffice.cli.shift import shift

app = App(
    name="boxoffice",
    version=__version__,
    help="Check-in at the door for events ticketed by Ticketbutler. Without a command: the app.",
    default_parameter=Parameter(negative=()),
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
)
app.default(door)
for command in (demo, login, logout, events, scan, sync, queue, sell, report, shift, hooks):
    app.command(command)
app.command(sandbox)
# Loaded where it is asked for: it brings the whole desk along.
app.command(
    "boxoffice.cli.manage:app",
    name="manage",
    help="List and change what is at the site: events, ticket types, questions, orders, codes …",
)
