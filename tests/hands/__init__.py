"""The installed app in a pseudo-terminal, in made-up hands, judged by what the site was told.

A hand is a scanner at any speed, on any keyboard, with any code that somebody can print, or a
person. Nothing is asked of the app but what a steward sees; what counts is the sandbox's record of
what was written.

`BOXOFFICE_BURSTS=1000 pytest tests/hands` sends that many in each test in place of the two dozen
that fit beside the other tests, and `BOXOFFICE_SEED` makes others. `python -m tests.hands` sends
more, and prints what came of them by kind.
"""
