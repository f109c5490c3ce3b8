"""The command line. Heavy imports happen inside the commands, so that ``fund --help`` answers at once."""

import os
import sys


def main() -> None:
    """The ``fund`` command: a refusal is told as a problem and ends with its exit code."""
    from fund.doors.cli.commands import application
    from fund.errors import FundError

    try:
        application()
    except FundError as error:
        from fund.doors.cli.output import tell_problem
        from fund.settings import read_settings

        sys.exit(tell_problem(error, read_settings(os.environ).language))
