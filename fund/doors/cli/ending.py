"""How a command ends: every failure in a sentence and what to do, with its exit code, and never as a traceback."""

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

import typer
from typer.exceptions import TyperException

import fund
from fund.domain.errors import FundError, ProgramFailed, StorageFailed
from fund.doors.cli.output import print_problem
from fund.doors.cli.session import Session, open_session
from fund.doors.problems import exit_code

INTERRUPTED, READER_GONE = 130, 141
"""The exit codes of shells for SIGINT and SIGPIPE."""
OUTPUT = "standard-output"


def exit_code_of(end: BaseException, session: Session | None) -> int:
    """Report what ended a command, and return its exit code. Errors of the command line's parser are raised again."""
    session = session or open_session(None, None)
    match end:
        case SystemExit() | typer.Exit() | typer.Abort() | TyperException():
            raise end
        case BrokenPipeError():
            _drop_output()
            return READER_GONE
        case KeyboardInterrupt() | EOFError():
            _print(StorageFailed("interrupted", session.place), session)
            return INTERRUPTED
        case FundError():
            return _print(end, session)
        case OSError():
            _drop_output()
            return _print(StorageFailed.of(end, OUTPUT), session)
    return _print(ProgramFailed("program-failed", _place(end)), session)


def _print(failure: FundError, session: Session) -> int:
    if isinstance(failure, StorageFailed) and session.commits.has_committed:
        failure = failure.after_commit()
    try:
        return print_problem(failure, session.speak)
    except OSError:  # where nothing can be printed any more, the exit code still reports it
        return exit_code(failure)


def _drop_output() -> None:
    """Give up what cannot be written, so that Python does not try it again at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _place(failure: BaseException) -> str:
    """Where the program failed and how, without the exception's text, which may hold personal data."""
    root = Path(fund.__file__).parent
    ours = [one for one in traceback.extract_tb(failure.__traceback__) if Path(one.filename).is_relative_to(root)]
    return f"{type(failure).__name__}, {Path(ours[-1].filename).relative_to(root)}:{ours[-1].lineno}"
