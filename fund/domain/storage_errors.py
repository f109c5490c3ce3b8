"""Files and databases that fail: what is wrong, what to do, and whether the change that was asked for was committed.

Only the class says what became of the change, so that every door tells it by the same words.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Self

from fund.domain.error_base import FundError
from fund.domain.texts import Said

REMEDIES = {
    "disk-full": Said("Make room on that disk."),
    "file-too-large": Said("Raise the limit on the size of files for this user."),
    "read-only": Said("Mount that disk for writing, or choose another home."),
    "no-permission": Said("Give the user that runs the program access to that place."),
    "path-missing": Said("Check the path, or restore what stood there from the backup."),
    "not-a-folder": Said("Move the file that stands where a folder belongs, or choose another path."),
    "is-a-folder": Said("Move the folder that stands where a file belongs, or choose another path."),
    "file-failed": Said("Check the disk and the limits of this machine."),
    "database-unreachable": Said("Start the database, or correct FUND_DATABASE_URL: host, name, user and password."),
    "database-locked": Said("Wait until the other program has finished, or stop it."),
    "database-damaged": Said("Keep that file aside and restore the database from the backup, or use 'fund rebuild'."),
    "database-lost": Said("Check that the database server is running."),
    "database-refused": Said("Somebody else may have changed the same thing: look at it again."),
    "database-failed": Said("Look at the log of the database."),
    "books-differ": Said("Run 'fund verify' and have each finding looked at."),
    "interrupted": Said("It was interrupted before its end."),
    "program-failed": Said("This is a fault of the program: report this line to its developers."),
}
"""By reason: what is to be done before trying again."""

_BY_ERRNO = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "file-too-large",
    errno.EROFS: "read-only",
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.ENOENT: "path-missing",
    errno.ENOTDIR: "not-a-folder",
    errno.EEXIST: "not-a-folder",
    errno.EISDIR: "is-a-folder",
}


@dataclass(eq=False)
class StorageFailed(FundError):
    """A file or the database failed. Nothing of the change was committed."""

    reason: str
    place: str
    remedy: Said = field(init=False)

    def __post_init__(self) -> None:
        self.remedy = REMEDIES[self.reason]

    @classmethod
    def of(cls, failure: OSError, place: str) -> Self:
        """A failure of the operating system's; ``place`` is told where it does not say which file it is about."""
        return cls(_BY_ERRNO.get(failure.errno or 0, "file-failed"), str(failure.filename or place))

    def after_commit(self) -> "StorageFailed":
        """The same where something was committed before."""
        return StoppedAfterCommit(self.reason, self.place)

    def abroad(self) -> Self:
        """The same for readers at another machine, who are not told this one's paths."""
        self.place = PurePath(self.place).name
        return self


@dataclass(eq=False)
class StoppedAfterCommit(StorageFailed):
    """What was changed before the failure is committed and stays; the rest was not done."""


@dataclass(eq=False)
class NotYetPublished(StorageFailed):
    """A warning: the change is committed, and books or bank files lag behind until the next start or command."""


@dataclass(eq=False)
class ProgramFailed(StorageFailed):
    """A fault of the program, at ``place``. Nothing of the change was committed."""


@dataclass(eq=False)
class CommitUnknown(StorageFailed):
    """The commit was cut off, and the database cannot be asked. ``check`` is the command that tells, later."""

    check: str

    def after_commit(self) -> StorageFailed:
        return self


@dataclass(eq=False)
class SchemaOfAnotherVersion(FundError):
    """The database was made by another version of the program. Nothing was changed in it."""

    found: str
    expected: str


@dataclass(eq=False)
class SchemaDiffers(FundError):
    """The database is not as this program makes it: each difference by the name of what differs."""

    findings: Sequence[Said]
