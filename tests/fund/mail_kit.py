"""A real mail server of the tests' own, on this machine, that answers as it is told and keeps what it took."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


@dataclass
class Handler:
    """Answers RCPT and DATA with the first line that is left, or with consent."""

    recipients: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipients.pop(0) if self.recipients else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        answer = self.contents.pop(0) if self.contents else "250 OK"
        if answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        return answer

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read again by the standard library."""
        read = [message_from_bytes(data, policy=default) for _, _, data in self.taken]
        return [message for message in read if isinstance(message, EmailMessage)]


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    handler: Handler


def free_port() -> int:
    """A port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def mail_server(handler: Handler | None = None, **options: Any) -> Iterator[Server]:
    """Serve until the block ends."""
    port = free_port()
    controller = Controller(handler or Handler(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield Server(port, controller.handler)
    finally:
        controller.stop()


def only(login: str, password: str) -> Any:
    """An authenticator that knows one user."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data == LoginPassword(login.encode(), password.encode()), handled=False)

    return authenticate


def server_context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
