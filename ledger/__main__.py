"""``python -m ledger``: check a fund's books, an audit pack, and who is paid by a file for the bank, alone."""

import argparse
import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

from ledger.audit import Audit
from ledger.bank_orders import read_payees
from ledger.books import read_books
from ledger.checkpoint import Checkpoint, UnreadableCheckpoint, read_checkpoint, write_checkpoint
from ledger.findings import STRAY
from ledger.fingerprints import read_subkey
from ledger.money import format_cents
from ledger.pack import unpack
from ledger.payee_check import check_payees
from ledger.verify import BEANCOUNT_UP_TO, Verification, verify_books, without_collector

OK, USAGE, INTEGRITY, UNAVAILABLE, READER_GONE = 0, 2, 4, 5, 141


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 when the books are whole, 4 when not, 5 when unreadable, 2 for bad usage."""
    parser = argparse.ArgumentParser(
        prog="python -m ledger", description="Check the books of a rent-contribution fund."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="check the gate, the chain, the rules, and stock Beancount")
    verify.add_argument("books", type=_folder, metavar="DIR", help="the folder that holds main.beancount")
    verify.add_argument("--head", metavar="HASH", help="say after which entry the books had this head, or never")
    verify.add_argument(
        "--beancount", action="store_true", help=f"load them with Beancount above {BEANCOUNT_UP_TO:,} entries too"
    )
    verify.add_argument("--checkpoint", type=Path, metavar="FILE", help="keep there what was proved, if it was whole")
    verify.add_argument("--since", type=Path, metavar="FILE", help="prove only what came after this checkpoint")
    unpacked = commands.add_parser("unpack", help="lay out an audit pack that holds what it lists and nothing else")
    unpacked.add_argument("pack", type=Path, metavar="ZIP", help="the audit pack")
    unpacked.add_argument("folder", type=_new_folder, metavar="DIR", help="a new folder")
    payees = commands.add_parser(
        "check-payees", help="check that each payee of a file for the bank is the account that was confirmed"
    )
    payees.add_argument("books", type=_folder, metavar="DIR", help="the folder that holds main.beancount")
    payees.add_argument("--key", type=Path, required=True, help="the payees' subkey, as 'fund key payees' prints it")
    payees.add_argument("--bank-file", type=Path, required=True, help="pain.001, CBI, OPI, or a register as CSV")
    given = parser.parse_args(arguments)
    try:
        code = _COMMANDS[given.command](given)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except OSError as failure:
        print(f"{failure.filename or 'output'}: {failure.strerror}; nothing was changed", file=sys.stderr)
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNAVAILABLE
    return code


def _folder(name: str) -> Path:
    if not Path(name).is_dir():
        raise argparse.ArgumentTypeError(f"{name}: no such folder")
    return Path(name)


def _new_folder(name: str) -> Path:
    if os.path.lexists(name):
        raise argparse.ArgumentTypeError(f"{name}: is there already")
    return Path(name)


def _verify(given: argparse.Namespace) -> int:
    try:
        with without_collector():
            since = None if given.since is None else read_checkpoint(given.since)
    except UnreadableCheckpoint as unreadable:
        print(f"{given.since}: {unreadable}", file=sys.stderr)
        return USAGE
    up_to = None if given.beancount else BEANCOUNT_UP_TO
    proved = 0 if since is None else since.position.seq
    result = verify_books(given.books, head=given.head, beancount_up_to=up_to, since=since)
    _tell(result, proved)
    if given.checkpoint is not None and not result.findings:
        write_checkpoint(given.checkpoint, Checkpoint(result.position, result.head))
    return INTEGRITY if result.findings else OK


def _unpack(given: argparse.Namespace) -> int:
    findings = unpack(given.pack, given.folder)
    for finding in findings:
        print(finding)
    with given.pack.open("rb") as pack:
        print(f"pack sha256  {hashlib.file_digest(pack, 'sha256').hexdigest()}")
    print(f"{len(findings)} findings; nothing was laid out" if findings else f"laid out in {given.folder}")
    return INTEGRITY if findings else OK


def _check_payees(given: argparse.Namespace) -> int:
    """The books are judged by every rule first: what they say of the payees is worth no more than they are."""
    read = given.key
    try:
        key = read_subkey(given.key.read_text("ascii"))
        read = given.bank_file
        lines = read_payees(given.bank_file.read_bytes())
    except ValueError as unreadable:
        print(f"{read}: {unreadable}", file=sys.stderr)
        return USAGE
    reading, audit = read_books(given.books.absolute()), Audit()
    broken = [finding for placed in reading.records for finding in audit.judge(placed)]
    checked = check_payees((record.entry for record in reading.records), lines, key)
    findings = [str(one) for one in (*reading.findings, *broken) if one.rule != STRAY] + list(checked.findings)
    for finding in findings:
        print(finding)
    print(f"payees      {len(lines)}, {checked.proved} as they were confirmed")
    print(f"chain head  {audit.head}")
    return INTEGRITY if findings else OK


def _tell(result: Verification, proved: int) -> None:
    for finding in result.findings:
        print(finding)
    if proved:
        print(f"proved      {proved} entries before, by the checkpoint, and not read again")
    print(f"entries     {result.count}")
    print(f"chain head  {result.head}")
    for account, cents in sorted(result.position.balances.items()):
        print(f"  {account:<34}{format_cents(cents):>14} EUR")
    if result.head_seq is not None:
        print(f"the books had the head that was asked for after entry {result.head_seq} of {result.count}")
    if not result.is_loaded:
        print("stock Beancount did not load them: they were refused, or are large (--beancount), or proved before")
    print(f"{len(result.findings)} findings" if result.findings else "the books are whole")


_COMMANDS = {"verify": _verify, "unpack": _unpack, "check-payees": _check_payees}


if __name__ == "__main__":
    sys.exit(main())
