"""The group of all commands, around which each of them ends."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup


class Commands(TyperGroup):
    """The commands. An error in one is reported in words and by an exit code (``ending``)."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # Typer's context is Click's
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BaseException as end:
            from fund.doors.cli.ending import exit_code_of

            raise typer.Exit(exit_code_of(end, ctx.obj)) from None
