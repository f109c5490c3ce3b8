"""The command line. Heavy imports happen inside the commands, so that ``fund --help`` answers at once."""

import sys


def main() -> None:
    """The ``fund`` command."""
    try:
        from fund.doors.cli.commands import application

        application()
    except KeyboardInterrupt:  # before the command has begun: nothing to report
        sys.exit(130)
