"""Messages as MIME, and the two ways in which they leave: by SMTP, or as files in a folder that somebody empties.

Whether a message left is told by returning, or by ``Undelivered`` with a code; what a server says in words is dropped,
since it repeats addresses.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from fund.domain.errors import InvalidInput
from fund.domain.texts import Said
from ledger import files

ANSWER_SECONDS = 30
"""How long a server may take for one answer."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
"""The addresses that every server and every header takes as they stand."""
Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a message."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is MIME. The same ``key`` is the same message to whoever receives it."""

    key: str
    sender: str
    to: str
    language: str
    subject: str
    text: str
    at: datetime
    attachment: Attachment | None = None


class Undelivered(Exception):
    """A message did not leave: why, as a code; what the server answered; whether trying again can help."""

    def __init__(self, failure: str, code: int | None = None, *, is_permanent: bool = False) -> None:
        self.failure, self.code, self.is_permanent = failure, code, is_permanent
        super().__init__(f"{failure} {code or ''}".strip())


class Mailer(Protocol):
    """One way in which messages leave."""

    @property
    def via(self) -> str:
        """The way's name: ``smtp`` or ``folder``."""
        ...

    def send(self, letter: Letter) -> int | None:
        """Let a message leave. Returns the server's code. Raises ``Undelivered``."""
        ...


def message_of(letter: Letter) -> EmailMessage:
    """A letter as MIME: UTF-8 text, and the PDF beside it. The same letter gives the same bytes.

    Raises ``Undelivered`` for an address that no header can hold.
    """
    message = EmailMessage(policy=SMTP)
    domain = parseaddr(letter.sender)[1].rpartition("@")[2]
    if not _ADDRESS.fullmatch(letter.to):
        raise Undelivered("address-malformed", is_permanent=True)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.key}@{domain}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    if letter.attachment is not None:
        message.add_attachment(
            letter.attachment.data, maintype="application", subtype="pdf", filename=letter.attachment.name
        )
        message.set_boundary(f"={sha256(letter.key.encode()).hexdigest()[:32]}=")
    return message


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes each message as one file, readable by its owner only; whoever runs the machine sends them on."""

    folder: Path
    via: str = "folder"

    def send(self, letter: Letter) -> None:
        """Write it; the same message again replaces its file."""
        data = message_of(letter).as_bytes()
        files.make_folder(self.folder, mode=0o700)
        files.write_whole(self.folder / f"{letter.key}.eml", data, mode=0o600)

    def forget(self, key: str) -> None:
        """Take away every message of a key, with its attempts."""
        for path in self.folder.glob(f"{key}*.eml"):
            if path.stem.removeprefix(key)[:1] in ("", "."):
                files.remove(path)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands each message to a server over a connection of its own."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    via: str = "smtp"

    def send(self, letter: Letter) -> int | None:
        """Send it, and return the server's last code. Raises ``Undelivered``."""
        message = message_of(letter)
        try:
            server = self._connected()
            try:
                return self._hand_over(server, message, parseaddr(letter.sender)[1], letter.to)
            finally:
                with suppress(OSError, smtplib.SMTPException):  # what it answered before is what counts
                    server.quit()
                server.close()
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as failure:
            raise Undelivered("encryption-missing") from failure
        except smtplib.SMTPAuthenticationError as failure:
            raise Undelivered("login-refused", failure.smtp_code) from failure
        except smtplib.SMTPResponseException as failure:
            raise Undelivered("try-later", failure.smtp_code) from failure
        except (OSError, smtplib.SMTPException) as failure:
            raise Undelivered("unreachable") from failure

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=ANSWER_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=ANSWER_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    def _hand_over(server: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> int:
        """The dialogue in its steps, so that each refusal is known for what it is about."""
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(sender), "sender-refused", permanent=False)
        _expect(server.rcpt(to), "address-refused", permanent=True)
        return _expect(server.data(message.as_bytes()), "message-refused", permanent=True)


def _expect(answer: tuple[int, bytes], failure: str, *, permanent: bool) -> int:
    """The code of a good answer. A 4xx asks to wait; a 5xx refuses."""
    code = answer[0]
    if 200 <= code < 300:
        return code
    if 500 <= code < 600:
        raise Undelivered(failure, code, is_permanent=permanent)
    raise Undelivered("try-later", code)


def mailer_of(url: str | None, password: str | None, folder: Path) -> Mailer:
    """The way that the settings say: a folder where there is no URL.

    Raises ``InvalidInput`` for an address that says no server.
    """
    if url is None:
        return FolderMailer(folder)
    try:
        parts = urlsplit(url)
        security, port = _SCHEMES[parts.scheme]
        host, port = parts.hostname or "", parts.port or port
    except (KeyError, ValueError):
        host = ""
    if not host or parts.path.strip("/") or parts.password is not None:
        said = Said(
            "must be smtps://user@host:465, smtp+starttls://user@host:587 or smtp://host:25, without a password"
        )
        raise InvalidInput([{"path": "FUND_SMTP_URL", "message": said}])
    return SmtpMailer(host, port, security, unquote(parts.username) if parts.username else None, password)
