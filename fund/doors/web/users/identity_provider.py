"""The city's own identity provider (OpenID Connect): the user that it names, once its answer is verified.

Authorization code with PKCE. What the provider publishes is read anew at each login: nothing here can be out of date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from fund.domain.errors import IdentityRefused
from fund.services.users.sign_in import Asked
from fund.settings import IdentityProvider

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a key pair alone; none that our own client secret could make."""
LEEWAY_SECONDS = 60
WAIT_SECONDS = 10
SEVERAL_FACTORS = "mfa"
"""What ``amr`` holds (RFC 8176) when the provider asked for more than a password."""
_HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider means, and whether it asked for a second factor."""

    subject: str
    has_second_factor: bool


def login_address(provider: IdentityProvider, redirect_uri: str, *, state: str, asked: Asked) -> str:
    """Where a browser is sent to log in. Raises ``IdentityRefused`` where the provider does not answer."""
    from authlib.common.urls import add_params_to_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    with _client() as http:
        published = _published(http, provider)
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": state,
        "nonce": asked.nonce,
        "code_challenge": create_s256_code_challenge(asked.verifier),
        "code_challenge_method": "S256",
    }
    return str(add_params_to_uri(_secure(published, "authorization_endpoint"), list(parameters.items())))


def identify(provider: IdentityProvider, redirect_uri: str, *, code: str, asked: Asked, at: datetime) -> Identity:
    """Change the code that a browser brought for what the provider says of its person, and prove it.

    Raises ``IdentityRefused``: ``provider-failed`` where it does not answer as the standard says, ``token-invalid``
    where signature, issuer, audience, time or nonce is not what it must be.
    """
    with _client() as http:
        published = _published(http, provider)
        token = _json(
            http,
            "POST",
            _secure(published, "token_endpoint"),
            auth=(quote(provider.client_id, safe=""), quote(provider.client_secret, safe="")),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": asked.verifier,
            },
        )
        keys = _json(http, "GET", _secure(published, "jwks_uri"))
    return _proved(provider, token, keys, nonce=asked.nonce, at=at)


def _proved(provider: IdentityProvider, token: dict[str, Any], keys: Any, *, nonce: str, at: datetime) -> Identity:
    """The claims of an id-token whose signature and every claim of weight hold at an instant."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    try:
        decoded = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        parameters = {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise IdentityRefused("token-invalid") from None
    methods = decoded.claims.get("amr") or []
    return Identity(str(decoded.claims["sub"]), SEVERAL_FACTORS in methods)


def _client() -> Any:
    import httpx

    return httpx.Client(timeout=WAIT_SECONDS, follow_redirects=False, trust_env=False)


def _published(http: Any, provider: IdentityProvider) -> dict[str, Any]:
    """What the provider says of itself, under the very name that we know it by."""
    issuer = _secure({"issuer": provider.issuer}, "issuer")
    published = _json(http, "GET", issuer.rstrip("/") + WELL_KNOWN)
    if published.get("issuer") != provider.issuer:
        raise IdentityRefused("provider-failed")
    return published


def _json(http: Any, method: str, address: str, **options: Any) -> dict[str, Any]:
    import httpx

    try:
        answer = http.request(method, address, **options)
        value = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        value = None
    if not isinstance(value, dict):
        raise IdentityRefused("provider-failed")
    return value


def _secure(published: Mapping[str, Any], name: str) -> str:
    """An address of the provider's; by TLS, unless it is on this machine."""
    address = str(published.get(name, ""))
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise IdentityRefused("provider-failed")
    return address
