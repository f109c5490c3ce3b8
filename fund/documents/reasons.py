"""The banks' ISO 20022 reason codes in words for landlords."""

from fund.documents.catalogue import N_, Translator
from fund.documents.words import WORDS, word

_WORDS = {
    "AC01": N_("the IBAN is not correct"),
    "AC03": N_("the IBAN is not valid"),
    "AC04": N_("the account is closed"),
    "AC06": N_("the account is blocked"),
    "AC13": N_("the account is of a kind that cannot receive this payment"),
    "AG01": N_("the account does not accept transfers"),
    "AG02": N_("the bank does not accept this kind of payment"),
    "AM04": N_("there were not enough funds on the ordering account"),
    "AM05": N_("the bank judged it a duplicate"),
    "AM09": N_("the amount received is not the agreed one"),
    "BE01": N_("the account is not in this holder’s name"),
    "BE04": N_("the holder’s address is missing"),
    "BE06": N_("the bank does not know the holder"),
    "FF01": N_("the bank could not read the order"),
    "MD06": N_("it was sent back at the holder’s request"),
    "MD07": N_("the holder of the account has died"),
    "MS02": N_("the holder gave no reason"),
    "MS03": N_("the bank gave no reason"),
    "RC01": N_("the bank’s identification code is not correct"),
    "RR04": N_("a rule that binds the bank forbids it"),
    "TM01": N_("it reached the bank after the closing time"),
}


def reason_text(code: str, speak: Translator) -> str:
    """A reason code with its meaning, ``the account is closed (AC04)``; an unknown code by itself."""
    if code in _WORDS:
        return f"{speak.gettext(_WORDS[code])} ({code})"
    return speak.gettext("reason code %(code)s", code=code)


def any_reason(code: str, speak: Translator) -> str:
    """A reason in words: one of the office's own, or a bank's code."""
    return word(code, speak) if code in WORDS else reason_text(code, speak)
