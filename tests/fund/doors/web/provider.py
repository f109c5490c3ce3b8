"""A small OpenID provider on its own port, which says what the test lets it say: also what none should."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "fund-desk", "the client's secret"

Claims = dict[str, Any]
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
"""The provider's key, and one that is not: to make one takes longer than a login."""


@dataclass
class Provider:
    """What it knows: one key, one person, the codes it gave, and how the next id-token is to be wrong."""

    now: Callable[[], int]
    port: int = 0
    subject: str = "subject-of-the-preparer"
    amr: list[str] = field(default_factory=lambda: ["pwd"])
    key: RSAKey = field(default_factory=lambda: KEY)
    signed_by: RSAKey | None = None
    spoil: Callable[[Claims], Claims] = lambda claims: claims
    algorithm: str = "RS256"
    says_issuer: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def authorize(self, query: dict[str, str]) -> str:
        """Log the person in at once, and send the browser back with a code."""
        assert query["response_type"] == "code" and query["scope"] == "openid"
        assert query["client_id"] == CLIENT_ID and query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """An id-token for a code that is good once, for the right client with the right verifier."""
        expected = base64.b64encode(f"{CLIENT_ID}:the%20client%27s%20secret".encode()).decode()
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != f"Basic {expected}" or asked is None or asked["code_challenge"] != challenge:
            self.failures.append("refused")
            return None
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": self.now(),
            "exp": self.now() + 300,
            "nonce": asked["nonce"],
            "amr": self.amr,
        }
        key = self.signed_by or self.key
        header = {"alg": self.algorithm, "kid": "1"}
        signed = jwt.encode(header, self.spoil(claims), key, algorithms=[self.algorithm])
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}

    def answer(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.says_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        return KeySet([self.key]).as_dict() if path == "/keys" else None  # type: ignore[return-value]


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_one_each(parts.query)))
                self.end_headers()
                return
            self._tell(provider.answer(parts.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._tell(provider.token(_one_each(body), self.headers.get("Authorization", "")))

        def _tell(self, value: dict[str, Any] | None) -> None:
            body = json.dumps(value or {"error": "invalid_request"}).encode()
            self.send_response(200 if value else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler


def _one_each(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def serve_provider(now: Callable[[], int]) -> Iterator[Provider]:
    """Serve a provider until the block ends."""
    provider = Provider(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
