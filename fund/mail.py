"""Mail: messages as MIME, sent by SMTP or written to a folder for other software to send.

Delivery returns, or raises ``Undelivered`` with a code; a server's own text is dropped, because it repeats addresses.
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
from fund.domain.texts import Message
from ledger import files

ANSWER_SECONDS = 30
"""Timeout for one answer of a server."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
"""Addresses that need no quoting in any server or header."""
Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF attachment."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before MIME. Recipients recognise a repeated message by the same ``key``."""

    key: str
    sender: str
    to: str
    language: str
    subject: str
    text: str
    at: datetime
    attachment: Attachment | None = None


class Undelivered(Exception):
    """A message was not sent: reason code, the server's code, and whether a retry can help."""

    def __init__(self, failure: str, code: int | None = None, *, is_permanent: bool = False) -> None:
        self.failure, self.code, self.is_permanent = failure, code, is_permanent
        super().__init__(f"{failure} {code or ''}".strip())


class Mailer(Protocol):
    """A transport for messages."""

    @property
    def via(self) -> str:
        """Name of the transport: ``smtp`` or ``folder``."""
        ...

    def send(self, letter: Letter) -> int | None:
        """Send a message. Returns the server's code. Raises ``Undelivered``."""
        ...


def message_of(letter: Letter) -> EmailMessage:
    """Render a letter as MIME: UTF-8 text, with the PDF attached.

    Raises ``Undelivered`` for an address that no header can hold.
    """
    message = EmailMessage(policy=SMTP)
    domain = parseaddr(letter.sender)[1].rpartition("@")[2]
    if not _ADDRESS.fullmatch(letter.to):
        raise Undelivered("address-malformed", is_permanent=True)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    # Date, Message-ID and boundary follow from the letter, so the same letter has the same bytes. When a crash hides
    # whether it was sent, it is sent again, and the recipient's server can recognise the duplicate (decision 0019).
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
    """Writes each message as one file that only its owner can read."""

    folder: Path
    via: str = "folder"

    def send(self, letter: Letter) -> None:
        """Write the message; a repeated one replaces its file."""
        data = message_of(letter).as_bytes()
        files.make_folder(self.folder, mode=0o700)
        files.write_whole(self.folder / f"{letter.key}.eml", data, mode=0o600)

    def forget(self, key: str) -> None:
        """Remove every message of a key, with its attempts."""
        for path in self.folder.glob(f"{key}*.eml"):
            if path.stem.removeprefix(key)[:1] in ("", "."):
                files.remove(path)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends each message over an SMTP connection of its own."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    via: str = "smtp"

    def send(self, letter: Letter) -> int | None:
        """Send the message and return the server's last code. Raises ``Undelivered``."""
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
        """Run the SMTP dialogue command by command, so that each refusal has its own cause."""
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(sender), "sender-refused", permanent=False)
        _expect(server.rcpt(to), "address-refused", permanent=True)
        return _expect(server.data(message.as_bytes()), "message-refused", permanent=True)


def _expect(answer: tuple[int, bytes], failure: str, *, permanent: bool) -> int:
    """Return the code of a positive answer. 4xx is temporary; 5xx is a refusal."""
    code = answer[0]
    if 200 <= code < 300:
        return code
    if 500 <= code < 600:
        raise Undelivered(failure, code, is_permanent=permanent)
    raise Undelivered("try-later", code)


def mailer_of(url: str | None, password: str | None, folder: Path) -> Mailer:
    """The configured transport: SMTP for a URL, otherwise a folder.

    Raises ``InvalidInput`` for a URL without a server.
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
        message = Message(
            "must be smtps://user@host:465, smtp+starttls://user@host:587 or smtp://host:25, without a password"
        )
        raise InvalidInput([{"path": "FUND_SMTP_URL", "message": message}])
    return SmtpMailer(host, port, security, unquote(parts.username) if parts.username else None, password)
