"""``python -m ledger verify DIR``: check a fund's books without the service."""

import argparse
import os
import sys
from contextlib import suppress
from math import inf
from pathlib import Path

from ledger.money import format_cents
from ledger.verify import BEANCOUNT_UP_TO, Verification, verify_books

OK, USAGE, INTEGRITY, UNAVAILABLE, NOBODY_READS = 0, 2, 4, 5, 141


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 when the books are whole, 4 when not, 5 when unreadable, 2 for bad usage."""
    parser = argparse.ArgumentParser(
        prog="python -m ledger", description="Check the books of a rent-contribution fund."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="check the gate, the chain, the rules, and stock Beancount")
    verify.add_argument("books", type=Path, metavar="DIR", help="the folder that holds main.beancount")
    verify.add_argument("--head", metavar="HASH", help="say after which entry the books had this head, or never")
    verify.add_argument(
        "--beancount", action="store_true", help=f"load them with Beancount above {BEANCOUNT_UP_TO:,} entries too"
    )
    given = parser.parse_args(arguments)
    books: Path = given.books
    if not books.is_dir():
        print(f"{books}: no such folder", file=sys.stderr)
        return USAGE
    try:
        result = verify_books(books, head=given.head, beancount_up_to=inf if given.beancount else BEANCOUNT_UP_TO)
        _tell(result)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except OSError as failure:
        print(f"{failure.filename or 'output'}: {failure.strerror}; nothing was changed", file=sys.stderr)
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNAVAILABLE
    return INTEGRITY if result.findings else OK


def _tell(result: Verification) -> None:
    for finding in result.findings:
        print(finding)
    print(f"entries     {result.count}")
    print(f"chain head  {result.head}")
    for account, cents in sorted(result.position.balances.items()):
        print(f"  {account:<34}{format_cents(cents):>14} EUR")
    if result.head_seq is not None:
        print(f"the books had the head that was asked for after entry {result.head_seq} of {result.count}")
    if not result.is_loaded:
        print("stock Beancount did not load them: the gate refused them, or they are large (--beancount)")
    print(f"{len(result.findings)} findings" if result.findings else "the books are whole")


if __name__ == "__main__":
    sys.exit(main())
