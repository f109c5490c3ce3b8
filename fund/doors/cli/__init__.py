"""The command line. Heavy imports happen inside the commands, so that ``fund --help`` answers at once."""


def main() -> None:
    """The ``fund`` command."""
    from fund.doors.cli.commands import application

    application()
