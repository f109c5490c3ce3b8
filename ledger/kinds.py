"""The event table: every kind of entry, its facts, and the accounts it may debit and credit.

The one table behind writer, audit and documents.
"""

from dataclasses import dataclass

from ledger import accounts as a

HOUSEHOLD = ":{household}"
LANDLORD = ":{landlord}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    ``debit`` and ``credit`` are the accounts that it may touch; placeholders stand for the entry's household and
    landlord. ``needs`` are required facts, ``may`` optional ones; others are refused. ``two_people`` kinds pay money or
    make it owed, so they are prepared by one person and approved by another. ``opens`` are the accounts that its record
    opens.
    """

    name: str
    italian: str
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    two_people: bool = False
    opens: tuple[str, ...] = ()

    @property
    def moves_money(self) -> bool:
        """Whether it has postings; other kinds only open, assert or close accounts."""
        return bool(self.debit)


_COMMITTED = a.COMMITTED + HOUSEHOLD
_RENT = a.RENT + HOUSEHOLD
_OWED = a.LANDLORDS + LANDLORD
_RECOVERY = a.RECOVERY + LANDLORD
_ACCOUNT = ("landlord", "account", "fingerprint")
_PAYMENT = ("household", "landlord", "month", "payment")

_TABLE = (
    Kind(
        "agreement",
        "convenzione",
        needs=("fund", "cap_months", "activities_end", "key_check"),
        opens=(a.RENT, *(line.name for line in a.CHART if line.per is None)),
    ),
    Kind("registration", "iscrizione del locatore", needs=("landlord",), opens=(_RECOVERY, _OWED)),
    Kind("landlord-name", "nome del locatore", needs=("landlord", "fingerprint"), may=("called_back_on",)),
    Kind(
        "landlord-contact",
        "recapito del locatore",
        needs=("landlord", "contact", "fingerprint"),
        may=("called_back_on",),
    ),
    Kind("account-proposed", "proposta di IBAN", needs=_ACCOUNT),
    Kind(
        "account-confirmed",
        "conferma di IBAN",
        needs=(*_ACCOUNT, "usable_from"),
        may=("contact", "called_back_on"),
    ),
    Kind("account-suspended", "sospensione di IBAN", needs=_ACCOUNT),
    Kind("account-rejected", "IBAN respinto", needs=_ACCOUNT),
    Kind("erasure", "cancellazione dei dati personali", needs=("landlord",), two_people=True),
    Kind(
        "admission",
        "ammissione del nucleo",
        needs=("household", "cap_months"),
        may=("evidence",),
        opens=(_RENT, _COMMITTED),
    ),
    Kind("allocation", "assegnazione", (a.RECEIVABLE,), (a.AVAILABLE,), ("allocation",), ("evidence",)),
    Kind(
        "collection",
        "incasso (reversale)",
        (a.TREASURY,),
        (a.RECEIVABLE,),
        ("allocation",),
        ("bank_date", "evidence"),
    ),
    Kind("commitment", "impegno", (a.AVAILABLE,), (_COMMITTED,), ("household",), ("evidence",)),
    Kind(
        "rescheduling",
        "rinvio, variazione",
        (_COMMITTED, a.AVAILABLE),
        (_COMMITTED, a.AVAILABLE),
        ("household", "reason"),
        ("evidence",),
    ),
    Kind(
        "approval",
        "liquidazione",
        (_RENT, _COMMITTED),
        (_OWED, a.USED, a.AVAILABLE),
        ("household", "landlord", "month"),
        ("formula",),
        two_people=True,
    ),
    Kind(
        "order",
        "mandato di pagamento",
        (_OWED,),
        (a.OUTSTANDING_ORDERS,),
        (*_PAYMENT, "batch", "account"),
        ("evidence",),
        two_people=True,
    ),
    Kind("settlement", "quietanza", (a.OUTSTANDING_ORDERS, _OWED), (a.TREASURY,), _PAYMENT, ("bank_date", "evidence")),
    Kind(
        "refusal",
        "rifiuto (prima dell'addebito)",
        (a.OUTSTANDING_ORDERS,),
        (_OWED,),
        _PAYMENT,
        ("bank_date", "reason", "evidence"),
    ),
    Kind(
        "return",
        "riaccredito (bonifico respinto)",
        (a.TREASURY,),
        (_OWED,),
        _PAYMENT,
        ("bank_date", "reason", "evidence"),
    ),
    Kind(
        "cancellation",
        "annullo (prima dell'invio)",
        (a.OUTSTANDING_ORDERS,),
        (_OWED,),
        (*_PAYMENT, "batch"),
        ("reason",),
        True,
    ),
    Kind("release", "economia, disimpegno", (_COMMITTED,), (a.AVAILABLE,), ("household", "reason"), ("evidence",)),
    Kind(
        "overpayment",
        "indebito",
        (_RECOVERY, a.USED),
        (_RENT, a.AVAILABLE),
        ("household", "landlord", "month", "reason"),
        ("evidence",),
    ),
    Kind(
        "recovery",
        "recupero",
        (a.TREASURY, _OWED),
        (_RECOVERY,),
        ("landlord",),
        ("household", "month", "bank_date", "evidence"),
    ),
    Kind("repayment", "restituzione al finanziatore (debito)", (a.AVAILABLE,), (a.FUNDER,), (), ("evidence",), True),
    Kind(
        "repayment-paid",
        "restituzione al finanziatore (pagamento)",
        (a.FUNDER,),
        (a.TREASURY,),
        (),
        ("bank_date", "evidence"),
        True,
    ),
    Kind("correction", "rettifica", needs=("corrects", "reason"), may=("household", "landlord", "month", "allocation")),
    Kind("closing", "chiusura mensile", needs=("month",)),
    Kind("exit", "chiusura della posizione", needs=("household",), may=("reason", "evidence")),
)

KINDS = {kind.name: kind for kind in _TABLE}

CORRECTABLE = ("allocation", "collection", "commitment", "approval")
"""Kinds that can be corrected by a mirror entry."""
