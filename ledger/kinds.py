"""The event table: every kind of entry, its facts, and the accounts it may debit and credit.

The one table behind writer, audit and documents.
"""

from ledger import accounts as a
from ledger import acts
from ledger.codes import PREPARER, SYSTEM
from ledger.kind import FINANCE, HOUSEHOLD, LANDLORD, OFFICE, Kind

_COMMITTED = a.COMMITTED + HOUSEHOLD
_RENT = a.RENT + HOUSEHOLD
_OWED = a.LANDLORDS + LANDLORD
_RECOVERY = a.RECOVERY + LANDLORD
_PAYMENT = ("household", "landlord", "month", "payment")
_LINE = ("bank_date", "place", "evidence")

_TABLE = (
    Kind(
        "agreement",
        "convenzione",
        needs=(
            *("fund", "cap_months", "target_months", "activities_end", "act_date", "pay_day", "cooling_off_days"),
            "key_check",
        ),
        may=("fingerprint",),
        opens=(a.RENT, *(line.name for line in a.CHART if line.per is None)),
        preparers=(SYSTEM,),
    ),
    Kind(
        "allocation",
        "assegnazione",
        (a.RECEIVABLE,),
        (a.AVAILABLE,),
        ("allocation", "act_date"),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "collection",
        "incasso (reversale)",
        (a.TREASURY,),
        (a.RECEIVABLE,),
        ("allocation", "bank_date"),
        ("evidence",),
        preparers=(PREPARER,),
    ),
    Kind(
        "commitment",
        "impegno",
        (a.AVAILABLE,),
        (_COMMITTED,),
        ("household",),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "rescheduling",
        "rinvio, variazione",
        (_COMMITTED, a.AVAILABLE),
        (_COMMITTED, a.AVAILABLE),
        ("household", "reason"),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "approval",
        "liquidazione",
        (_RENT, _COMMITTED),
        (_OWED, a.USED, a.AVAILABLE),
        ("household", "lease", "landlord", "month"),
        ("formula",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "order",
        "mandato di pagamento",
        (_OWED,),
        (a.OUTSTANDING_ORDERS,),
        (*_PAYMENT, "batch", "account"),
        ("evidence",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "settlement",
        "quietanza",
        (a.OUTSTANDING_ORDERS, _OWED, a.RECOVERY_BANK),
        (a.TREASURY, a.RECOVERY_BANK),
        (*_PAYMENT, "bank_date"),
        ("evidence",),
        preparers=OFFICE,
    ),
    Kind(
        "refusal",
        "rifiuto (prima dell'addebito)",
        (a.OUTSTANDING_ORDERS,),
        (_OWED,),
        _PAYMENT,
        ("bank_date", "reason", "evidence"),
        preparers=OFFICE,
    ),
    Kind(
        "return",
        "riaccredito (bonifico respinto)",
        (a.TREASURY,),
        (_OWED, a.RECOVERY_BANK),
        (*_PAYMENT, "bank_date"),
        ("reason", "evidence"),
        preparers=OFFICE,
    ),
    Kind(
        "regularisation",
        "regolarizzazione (mandato a copertura)",
        (_OWED,),
        (a.TREASURY,),
        ("household", "landlord", "month", *_LINE),
        two_people=True,
        preparers=FINANCE,
    ),
    Kind(
        "regularisation-undone",
        "regolarizzazione (riaccredito)",
        (a.TREASURY,),
        (_OWED,),
        ("household", "landlord", "month", *_LINE),
        two_people=True,
        preparers=FINANCE,
    ),
    Kind(
        "misexecution",
        "errore della banca (pagamento doppio o importo errato)",
        (a.RECOVERY_BANK,),
        (a.TREASURY,),
        (*_PAYMENT, "bank_date"),
        ("evidence",),
        preparers=OFFICE,
    ),
    Kind(
        "misexecution-undone",
        "errore della banca (restituzione)",
        (a.TREASURY,),
        (a.RECOVERY_BANK,),
        (*_PAYMENT, "bank_date"),
        ("reason", "evidence"),
        preparers=OFFICE,
    ),
    Kind("charge", "commissione a carico dell'ente", (a.RECOVERY_CITY,), (a.TREASURY,), _LINE, preparers=OFFICE),
    Kind(
        "charge-undone",
        "commissione a carico dell'ente (reintegro)",
        (a.TREASURY,),
        (a.RECOVERY_CITY,),
        _LINE,
        preparers=OFFICE,
    ),
    Kind(
        "cancellation",
        "annullo (prima dell'invio)",
        (a.OUTSTANDING_ORDERS,),
        (_OWED,),
        (*_PAYMENT, "batch"),
        ("reason",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "release",
        "economia, disimpegno",
        (_COMMITTED,),
        (a.AVAILABLE,),
        ("household", "reason"),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "overpayment",
        "indebito",
        (_RECOVERY, a.USED),
        (_RENT, a.AVAILABLE),
        ("household", "landlord", "month", "reason"),
        ("evidence",),
        two_people=True,
        preparers=(PREPARER,),
    ),
    Kind(
        "recovery",
        "recupero",
        (a.TREASURY, _OWED),
        (_RECOVERY,),
        ("landlord",),
        ("household", "month", "bank_date", "evidence"),
        preparers=FINANCE,
    ),
    Kind(
        "repayment",
        "restituzione al finanziatore (debito)",
        (a.AVAILABLE,),
        (a.FUNDER,),
        (),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "repayment-paid",
        "restituzione al finanziatore (pagamento)",
        (a.FUNDER,),
        (a.TREASURY,),
        ("bank_date",),
        ("evidence",),
        True,
        preparers=(PREPARER,),
    ),
    Kind(
        "correction",
        "rettifica",
        needs=("corrects", "reason"),
        may=("household", "landlord", "month", "payment", "allocation", "bank_date"),
        preparers=FINANCE,
    ),
    Kind("closing", "chiusura mensile", needs=("month",), preparers=OFFICE),
)

KINDS = {kind.name: kind for kind in (*_TABLE, *acts.KINDS)}

ENDS_A_POSITION = ("exit", "admission-annulled")
"""Kinds behind which the household's account of months closes."""

REGULARISATIONS = ("regularisation", "regularisation-undone")
"""Kinds of what was paid of a month without an order, and of what of that came back."""

MISTAKES = ("misexecution", "misexecution-undone")
"""Kinds of what the bank paid by mistake, and of what it gave back of that."""

ANSWERS = ("settlement", "refusal", "return")
"""Kinds of what the bank says became of an order."""

CORRECTABLE = (
    *("allocation", "collection", "commitment", "approval", *ANSWERS, *MISTAKES, *REGULARISATIONS),
    *("recovery", "repayment-paid", "charge", "charge-undone"),
)
"""Kinds that can be corrected by a mirror entry: an answer where people said what the bank's line is, a recovery where
money moved.
"""
