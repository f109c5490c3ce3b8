"""Forms that were sent when nobody was logged in any more: kept until the page that they belong to is shown again.

In the memory of this process, for some minutes, found by a secret that the browser has: what was typed rests neither on
a disk nor in a cookie. Files and secrets are not kept.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from fund.doors.web.forms import SECRETS, Posted

LIFE = timedelta(minutes=15)
"""Time enough to log in with a second factor."""
MOST = 100
"""So many are kept at once; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, and the page that it belongs to."""

    path: str
    posted: Posted
    until: datetime


class KeptForms:
    """The forms that are kept, by their secrets."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, KeptForm] = OrderedDict()
        self._lock = Lock()

    def keep(self, path: str, posted: Posted, at: datetime) -> str:
        """Keep a form for a page. Returns its secret."""
        secret = secrets.token_urlsafe(32)
        typed = {name: tuple(values) for name, values in posted.items() if name not in SECRETS}
        with self._lock:
            self._forms[secret] = KeptForm(path, typed, at + LIFE)
            while len(self._forms) > MOST:
                self._forms.popitem(last=False)
        return secret

    def find(self, secret: str, path: str, at: datetime) -> Posted | None:
        """What was typed into the form of a page, if it is kept still."""
        with self._lock:
            form = self._forms.get(secret)
        return form.posted if form is not None and form.path == path and at < form.until else None

    def drop(self, secret: str) -> None:
        """Keep a form no longer."""
        with self._lock:
            self._forms.pop(secret, None)
