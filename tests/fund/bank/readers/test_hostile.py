"""Files that mean harm: each is refused whole, soon, and in little memory."""

import gzip
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fund.bank.readers import read, safe_xml
from fund.domain.errors import UnreadableBankFile
from tests.fund.bank.readers.kit import BACK, GRANT, PAID, Dialect, camt, part, refusal, status_report, transaction
from tests.fund.bank.readers.opi_kit import Line, account, journal, outcome, outcomes
from tests.house.source import HOUSE

XML = {
    "camt.053": camt([PAID, BACK, GRANT]),
    "camt.054": camt([PAID, BACK, GRANT], Dialect(family="camt.054", has_balances=False)),
    "camt in CBI's envelope": camt([PAID, BACK, GRANT], Dialect(envelope="cbi", version=2)),
    "pain.002": status_report(part(transaction("PAY-1") + transaction("PAY-2", "ACSP"), "PART")),
    "journal": journal(account([Line(-45_000), Line(45_000, 2, "STORNATO")])),
    "outcomes": outcomes(outcome("PAGATO"), outcome("NON ESEGUIBILE", 16)),
}
MT940 = (
    b":20:REF-1\n:25:IT40X0999101800000000000001\n:28C:7/1\n:60F:C260309EUR10000,00\n"
    b":61:2603100310D450,00NTRFPAY-2026-03-0001//B1\n:86:116?00BONIFICO?20EREF+PAY-2026-03-0001\n"
    b":62F:C260310EUR9550,00\n-\n"
)
ENTITIES = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>\n'
)
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
REMOTE = b'<!DOCTYPE d SYSTEM "http://192.0.2.1/evil.dtd">\n'
LIMIT_SECONDS = 30


@pytest.fixture(autouse=True)
def no_file_takes_long() -> object:
    start = _processor_seconds()
    yield
    assert _processor_seconds() - start < LIMIT_SECONDS


def _processor_seconds() -> float:
    """Of this process and of those it waited for: a busy machine changes nothing."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def with_head(data: bytes, head: bytes) -> bytes:
    """The file with something between its declaration and its content."""
    declaration, _, rest = data.partition(b"\n")
    return declaration + b"\n" + head + rest


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("head", [ENTITIES, EXTERNAL, REMOTE, b"<!DOCTYPE d>\n", b"<!ENTITY % p SYSTEM 'x'>\n"])
def test_a_dtd_is_refused_before_parsing(name: str, head: bytes) -> None:
    assert refusal(with_head(XML[name], head)) == ("DOCTYPE", "dtd-not-allowed", 2)


def test_a_dtd_cannot_hide_in_another_encoding() -> None:
    text = with_head(XML["camt.053"], EXTERNAL).decode()
    assert refusal(text.encode("utf-16"))[1] == "dtd-not-allowed"
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"):
        assert refusal(text.replace("UTF-8", encoding).encode(encoding))[0] in ("encoding", "file")
    for encoding in ("UTF-7", "IBM037", "Shift_JIS", "UTF-16", "no-such"):
        assert refusal(text.replace("UTF-8", encoding).encode())[1] in ("encoding-not-allowed", "wrong-encoding")


def test_a_declaration_with_much_space_hides_no_encoding() -> None:
    text = XML["camt.053"].replace(b'version="1.0"', b'version="1.0"' + b" " * 300).replace(b"UTF-8", b"UTF-7")
    assert read(text) == read(XML["camt.053"])  # read as UTF-8, which it is


def test_an_entity_without_a_dtd_is_refused() -> None:
    assert refusal(XML["camt.053"].replace(b"REG-1", b"&x;"))[1] == "not-well-formed"


def test_predefined_entities_are_text() -> None:
    assert (
        read(XML["camt.053"].replace(b"REG-1", b"A &amp; &lt;!DOCTYPE&gt; B")).statements[0].entries[0].text is not None
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "windows-1252", "iso-8859-15"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = XML["camt.053"].decode().replace("Locatore 1", "Società 1")
    name = {"utf-16": "UTF-16", "utf-8-sig": "UTF-8"}.get(encoding, encoding)
    (statement,) = read(text.replace("UTF-8", name).encode(encoding)).statements
    assert statement.entries[0].counterparty_name == "Società 1"


def test_bytes_that_are_not_their_encoding_are_refused() -> None:
    assert refusal(XML["camt.053"].replace(b"Locatore 1", b"Societ\xe0 1"))[:2] == ("encoding", "wrong-encoding")
    assert refusal(XML["camt.053"].replace(b"Locatore 1", b"A\x00B"))[1] == "wrong-encoding"


@pytest.mark.parametrize("depth", [200, 3_000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    deep = b"<a>" * depth + b"</a>" * depth
    assert refusal(deep)[1] in ("too-deep", "not-well-formed")
    inside = XML["camt.053"].replace(b"<GrpHdr>", deep + b"<GrpHdr>")
    assert refusal(inside)[1] in ("too-deep", "not-well-formed")


def cut_at_every_fiftieth(data: bytes) -> list[bytes]:
    return [data[: len(data) * share // 50] for share in range(50)]


@pytest.mark.parametrize("name", XML)
def test_a_truncated_file_is_refused_wherever_it_ends(name: str) -> None:
    for data in cut_at_every_fiftieth(XML[name].rstrip()):
        refusal(data)


def test_a_truncated_mt940_is_refused_or_whole() -> None:
    """All that may be missing is what stands behind the closing balance, and its zeros."""
    for data in cut_at_every_fiftieth(MT940):
        with suppress(UnreadableBankFile):
            message = read(data)
            assert data.startswith(MT940[: MT940.index(b"EUR9550,") + 8])
            assert message.statements == read(MT940).statements


def test_two_statements_cut_between_them_are_seen() -> None:
    both = MT940 + MT940.replace(b"\n-\n", b"\n")
    assert refusal(both)[1] == "truncated"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\x00" * 1000,
        b"\xff\xfe",
        b"\xfe\xff\x00<",
        b"<",
        b"<?xml",
        b"<a/>",
        b"<a/><a/>",
        b"<html><body>Accesso negato</body></html>",
        b'{"error": "denied"}',
        b"%PDF-1.7",
        b"PK\x03\x04",
        gzip.compress(XML["camt.053"]),
        XML["camt.053"] + XML["camt.053"],
        XML["camt.053"] + b"<",
        b":20:",
        b":20:\n:20:\n:20:",
    ],
)
def test_what_is_no_bank_file_is_refused(data: bytes) -> None:
    refusal(data)


def test_the_refusal_repeats_nothing_of_the_file() -> None:
    secret = b"IT60X0542811101000000123456"
    for data in (*XML.values(), MT940):
        for old in (b"450.00", b"450,00", b"2026-03-10", b"ESEGUITO", b"BOOK", b"RJCT", b"PAGATO"):
            with pytest.raises(UnreadableBankFile) if _breaks(data, old) else _nothing() as caught:
                read(data.replace(old, secret))
            if caught is not None:
                assert secret.decode() not in str(caught.value)


class _nothing:  # noqa: N801 - stands where pytest.raises stands
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _breaks(data: bytes, old: bytes) -> bool:
    try:
        read(data.replace(old, b"IT60X0542811101000000123456"))
    except UnreadableBankFile:
        return True
    return False


def test_the_library_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        refusal(MT940.replace(b"D450,00", b"D450,00.Locatore"))
        refusal(MT940.replace(b"2603100310", b"2699990310"))
    assert not [record for record in caplog.records if record.name.startswith("mt940")]


# -- size: in a process of its own, whose peak memory is its own

GIANTS: dict[str, Callable[[], bytes]] = {
    "100 MB": lambda: b"<a>" + b" " * 100_000_000 + b"</a>",
    "100 MB of MT940": lambda: MT940 * (100_000_000 // len(MT940)),
    "60 MB of one text": lambda: XML["camt.053"].replace(b"REG-1", b"x" * 60_000_000),
    "60 MB of one attribute": lambda: b'<a b="' + b"x" * 60_000_000 + b'"/>',
    "60 MB of small elements": lambda: b"<Document>" + b"<a/>" * 15_000_000 + b"</Document>",
    "60 MB of small elements in an entry": lambda: XML["camt.053"].replace(
        b"<Ntry>", b"<Ntry>" + b"<a/>" * 15_000_000, 1
    ),
    "60 MB of details": lambda: XML["camt.053"].replace(b"<TxDtls>", b"<TxDtls/>" * 6_000_000 + b"<TxDtls>", 1),
    "60 MB of attributes": lambda: b"<a " + b" ".join(b'a%d="x"' % n for n in range(4_000_000)) + b"/>",
    "60 MB of names": lambda: b"<Document>" + b"".join(b"<a%d/>" % n for n in range(5_000_000)) + b"</Document>",
    "60 MB of comments": lambda: XML["camt.053"] + b"<!-- -->" * 7_500_000 + b"<",
    "60 MB of one line in MT940": lambda: MT940.replace(b"BONIFICO", b"?20" * 20_000_000).replace(
        b"9550,00", b"9550,01"
    ),
    "a million small elements": lambda: b"<Document>" + b"<a/>" * 1_000_000 + b"</Document>",
}
LIMIT_MB = 250
"""The file itself, up to 100 MB; the interpreter with its libraries, 40 MB; and what the parser holds."""


SHORT = ("100 MB", "60 MB of one line in MT940")
"""The giants of the default suite; the long one meets them all."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SHORT else pytest.mark.long) for name in GIANTS]
)
def test_a_giant_is_refused_in_bounded_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "giant"
    path.write_bytes(GIANTS[name]())
    script = textwrap.dedent("""
        import pathlib, sys
        from fund.bank.readers import read
        from fund.domain.errors import UnreadableBankFile
        try:
            read(pathlib.Path(sys.argv[1]).read_bytes())
        except UnreadableBankFile as error:
            # not getrusage, which counts what the test held when it forked
            peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
            print(error.reason, int(peak.split()[1]) // 1024)
    """)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, cwd=HOUSE, check=True
    )
    reason, peak_mb = done.stdout.split()
    assert reason
    assert int(peak_mb) < LIMIT_MB, f"{reason}: {peak_mb} MB"


def test_the_size_is_judged_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "MAX_BYTES", len(XML["camt.053"]) - 1)
    assert refusal(XML["camt.053"]) == ("file", "too-large", 0)
