"""The agreement file as bytes and as text: what cannot be read is refused with its line, and lines are found."""

from pathlib import Path

import pytest

from fund.domain.agreement.reading import MAX_BYTES, AgreementInvalid, Problem, read_agreement
from fund.domain.agreement.toml_lines import find_lines
from fund.domain.texts import Message
from tests.fund.agreement_kit import EXAMPLE, LEAVES, LINE_OF, LINES, TEXT, problems_of


def test_every_value_of_the_example_has_its_line() -> None:
    for keys, _ in LEAVES:
        assert LINES[LINE_OF[keys] - 1].startswith(f"{keys[-1]} = ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = \n", 1),
        ("[fund]\n\n[fund]\n", 3),
        ('[fund]\nname = "QQQXXX80A01Z999N\n', 2),
        ('[fund]\n"QQQXXX80A01Z999N" = 1\n"QQQXXX80A01Z999N" = 2\n', 3),
        ("a = { QQQXXX80A01Z999N = 1, QQQXXX80A01Z999N = 2 }", 1),
        ("a = 2021-02-30", 1),
        ("a = [\n1,\n", 3),
        ("a = '\x00'", 1),
    ],
)
def test_a_syntax_error_has_its_line_and_repeats_nothing(text: str, line: int) -> None:
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("", line)
    assert "TOML" in str(problem.message)
    assert "QQQ" not in str(problem.message)


@pytest.mark.parametrize("text", ["a = " + "[" * 20000, "a = " + "9" * 5000, "[" + "a." * 20000 + "a]"])
def test_hostile_texts_are_refused(text: str) -> None:
    assert problems_of(text)


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "fund.toml"
    path.write_bytes(b'[fund]\nname = "\xff"\n')
    with pytest.raises(AgreementInvalid) as caught:
        read_agreement(path)
    assert caught.value.problems == (Problem("", 2, Message("is not UTF-8 text")),)
    assert str(caught.value) == "fund.toml: line 2: is not UTF-8 text"


def test_a_huge_file_a_missing_one_and_a_folder_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (MAX_BYTES + 1))
    for path in (huge, tmp_path / "none.toml", tmp_path):
        with pytest.raises(AgreementInvalid) as caught:
            read_agreement(path)
        assert len(caught.value.problems) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_agreement(path) == read_agreement(EXAMPLE)


def test_lines_are_found_around_strings_arrays_and_quoted_keys() -> None:
    text = '''# [no]
a.b = """
[x]
c = 1
"""
"d" = [
  "]", # [
  [1],
] # ]
[e] # here
f = '[['
[[g]]
[[ g . h ]]
i = { j = 1 }
[[g]]
[g.k]
l = 1
'''
    assert find_lines(text) == {
        ("a", "b"): 2,
        ("d",): 6,
        ("e",): 10,
        ("e", "f"): 11,
        ("g", 0): 12,
        ("g", 0, "h", 0): 13,
        ("g", 0, "h", 0, "i"): 14,
        ("g", 1): 15,
        ("g", 1, "k"): 16,
        ("g", 1, "k", "l"): 17,
    }
