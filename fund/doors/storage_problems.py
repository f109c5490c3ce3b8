"""How it is told that disk, database or the program itself failed, and what became of the change."""

from fund.documents.catalogue import N_
from fund.domain import errors
from fund.doors.problem import DONE, FAULT, INTEGRITY, UNAVAILABLE, UNKNOWN, Problem

STORAGE_PROBLEMS: dict[type[errors.FundError], Problem] = {
    errors.StorageFailed: Problem(503, UNAVAILABLE, N_("%(place)s: %(reason)s"), N_("Nothing was changed. %(remedy)s")),
    errors.StoppedAfterCommit: Problem(
        503,
        UNAVAILABLE,
        N_("%(place)s: %(reason)s"),
        N_("What was done before is committed and stays: do not repeat it. Only the rest is missing. %(remedy)s"),
    ),
    errors.NotYetPublished: Problem(
        200,
        DONE,
        N_("%(place)s: %(reason)s"),
        N_("The change is committed; books or bank files follow with the next command or start. %(remedy)s"),
    ),
    errors.CommitUnknown: Problem(
        503,
        UNKNOWN,
        N_("%(place)s: %(reason)s"),
        N_("Whether the change was committed is not known. %(remedy)s Before repeating it, ask with: %(check)s"),
    ),
    errors.ProgramFailed: Problem(
        500, FAULT, N_("The program failed: %(place)s"), N_("Nothing was changed. %(remedy)s")
    ),
    errors.SchemaOfAnotherVersion: Problem(
        503,
        UNAVAILABLE,
        N_("The database was made by another version of the program (%(found)s; this one makes %(expected)s)"),
        N_("Nothing was changed. Use the version that made it, or make a new home with 'fund rebuild'."),
    ),
    errors.SchemaDiffers: Problem(
        503,
        INTEGRITY,
        N_("The database is not as this program makes it"),
        N_("Nothing was changed. Restore the database from the backup, or make a new home with 'fund rebuild'."),
    ),
}
