"""Messages as MIME, and the two ways in which they leave, against a real server."""

import stat
import subprocess
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.domain.errors import InvalidInput
from fund.mail import Attachment, FolderMailer, Letter, SmtpMailer, Undelivered, mailer_of, message_of
from tests.fund.mail_kit import Handler, free_port, mail_server, only, server_context

AT = datetime(2022, 4, 1, 10, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


def letter(**values: Any) -> Letter:
    given = {
        "key": "message-7",
        "sender": "Comune di prova <affitti@comune.example.org>",
        "to": "l0001@example.org",
        "language": "it",
        "subject": "Estratto conto n. EC-2022-0001 – è pronto",
        "text": "Gentile locatore,\n\nperché è così.\n.\nFine\n",
        "at": AT,
        "attachment": Attachment("EC-2022-0001.pdf", PDF),
    }
    return Letter(**(given | values))


def text_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_letter_is_read_again_as_it_was_written() -> None:
    message = message_from_bytes(message_of(letter()).as_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "Estratto conto n. EC-2022-0001 – è pronto"
    assert message["From"] == "Comune di prova <affitti@comune.example.org>"
    assert message["To"] == "l0001@example.org"
    assert message["Message-ID"] == "<message-7@comune.example.org>"
    assert message["Date"] == "Fri, 01 Apr 2022 10:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message) == letter().text
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("EC-2022-0001.pdf", "application/pdf")
    assert attached.get_content() == PDF


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert message_of(letter()).as_bytes() == message_of(letter()).as_bytes()
    data = message_of(letter()).as_bytes()
    assert data.isascii() and max(map(len, data.split(b"\r\n"))) <= 998


@given(st.text(max_size=40), st.sampled_from(["{}@example.org", "{}", "a@{}", "a{}b@example.org"]))
def test_no_address_writes_a_header_of_its_own(text: str, form: str) -> None:
    try:
        data = message_of(letter(to=form.format(text), attachment=None)).as_bytes()
    except Undelivered as refused:
        assert (refused.failure, refused.is_permanent) == ("address-malformed", True)
        return
    headers = message_from_bytes(data, policy=default).keys()
    assert len(headers) == len(set(headers)) and "Bcc" not in headers


def test_a_folder_holds_each_message_once_for_its_owner_only(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail")
    for _ in range(2):
        mailer.send(letter())
    mailer.send(letter(key="message-7.2"))
    mailer.send(letter(key="message-71"))
    assert sorted(path.name for path in mailer.folder.iterdir()) == [
        "message-7.2.eml",
        "message-7.eml",
        "message-71.eml",
    ]
    assert stat.S_IMODE((mailer.folder / "message-7.eml").stat().st_mode) == 0o600
    mailer.forget("message-7")
    assert [path.name for path in mailer.folder.iterdir()] == ["message-71.eml"]


def test_a_server_takes_it_whole() -> None:
    with mail_server() as server:
        assert SmtpMailer("127.0.0.1", server.port, "none").send(letter()) == 250
        ((sender, recipients, _),) = server.handler.taken
        assert (sender, recipients) == ("affitti@comune.example.org", ["l0001@example.org"])
        (message,) = server.handler.messages
        assert text_of(message) == letter().text, "a line of one point too"
        assert next(iter(message.iter_attachments())).get_content() == PDF


@pytest.mark.parametrize(
    ("recipients", "contents", "failure", "code", "is_permanent"),
    [
        (["450 busy"], [], "try-later", 450, False),
        (["550 no such l0001@example.org"], [], "address-refused", 550, True),
        ([], ["451 later"], "try-later", 451, False),
        ([], ["554 refused"], "message-refused", 554, True),
    ],
)
def test_what_a_server_refuses_is_told_by_code(
    recipients: list[str], contents: list[str], failure: str, code: int, is_permanent: bool
) -> None:
    with mail_server(Handler(recipients, contents)) as server, pytest.raises(Undelivered) as caught:
        SmtpMailer("127.0.0.1", server.port, "none").send(letter())
    told = caught.value
    assert (told.failure, told.code, told.is_permanent) == (failure, code, is_permanent)
    assert "example.org" not in str(told)


def test_nobody_at_the_door_is_no_answer() -> None:
    with pytest.raises(Undelivered) as caught:
        SmtpMailer("127.0.0.1", free_port(), "none").send(letter())
    assert (caught.value.failure, caught.value.is_permanent) == ("unreachable", False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("tls")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        ["/usr/bin/env", "openssl", *made.split(), "-keyout", key, "-out", cert], check=True, capture_output=True
    )
    return cert, key


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(security: Any, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    context = server_context(*certificate)
    options: dict[str, Any] = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    options |= {"authenticator": only("fund", "right"), "auth_require_tls": security != "tls"}
    with mail_server(**options) as server:
        mailer = SmtpMailer("localhost", server.port, security, "fund", "right")
        with pytest.raises(Undelivered) as untrusted:
            mailer.send(letter())
        assert untrusted.value.failure == "encryption-missing", "a certificate that nobody vouches for"
        monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
        assert mailer.send(letter()) == 250
        with pytest.raises(Undelivered) as refused:
            SmtpMailer("localhost", server.port, security, "fund", "wrong").send(letter())
        assert (refused.value.failure, refused.value.code, refused.value.is_permanent) == ("login-refused", 535, False)


def test_a_server_without_encryption_gets_no_password() -> None:
    with mail_server() as server, pytest.raises(Undelivered) as caught:
        SmtpMailer("127.0.0.1", server.port, "starttls", "fund", "right").send(letter())
    assert caught.value.failure == "encryption-missing"


def test_settings_say_the_way(tmp_path: Path) -> None:
    assert mailer_of(None, None, tmp_path) == FolderMailer(tmp_path)
    assert mailer_of("smtps://a%40b@mail.example.org", "x", tmp_path) == SmtpMailer(
        "mail.example.org", 465, "tls", "a@b", "x"
    )
    assert mailer_of("smtp+starttls://mail.example.org:25", None, tmp_path) == SmtpMailer(
        "mail.example.org", 25, "starttls"
    )
    assert "secret" not in repr(SmtpMailer("h", 1, "tls", "u", "secret"))
    for wrong in ("mail.example.org", "http://mail.example.org", "smtp://", "smtps://u:p@h", "smtp://h:99999999"):
        with pytest.raises(InvalidInput):
            mailer_of(wrong, None, tmp_path)
