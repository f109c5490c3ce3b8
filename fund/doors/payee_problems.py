"""How it is told what is refused about people, payees and their accounts (``fund.domain.payee_errors``)."""

from fund.documents.catalogue import N_
from fund.domain import errors
from fund.doors.problem import REFUSED, Problem

PAYEE_PROBLEMS: dict[type[errors.FundError], Problem] = {
    errors.PersonIsHousehold: Problem(
        409,
        REFUSED,
        N_("The person with this tax code is household %(household)s already"),
        N_(
            "One person is one household and no landlord, even where its position is closed. Go on with household "
            "%(household)s, or correct the tax code. If %(household)s was admitted by mistake and no month of it was "
            "approved, release its months and close its position first."
        ),
    ),
    errors.PersonIsLandlord: Problem(
        409,
        REFUSED,
        N_("The person with this tax code is landlord %(landlord)s already"),
        N_(
            "One person is one landlord and no household. Go on with landlord %(landlord)s, or correct the tax code. "
            "If %(landlord)s was registered by mistake, have its data erased first."
        ),
    ),
    errors.PersonTwice: Problem(
        409,
        REFUSED,
        N_("The same person stands twice in the fund, so these months are not paid: %(months)s"),
        N_(
            "Hold or exclude them, and approve the rest. Then find out which household or landlord is one too many, "
            "and close its position or have its data erased; 'fund verify' names both."
        ),
    ),
    errors.IbanInUse: Problem(
        409,
        REFUSED,
        N_("The IBAN of landlord %(landlord)s belongs to another landlord"),
        N_("Check the IBAN with the landlord, by the contact on file."),
    ),
    errors.IbanOfUser: Problem(
        409,
        REFUSED,
        N_("The IBAN of landlord %(landlord)s belongs to somebody who uses this service"),
        N_("Nobody pays themselves. Ask the landlord for another account, and have the admin look at it."),
    ),
    errors.AccountNotUsable: Problem(
        409,
        REFUSED,
        N_("Nothing may be paid to landlord %(landlord)s today: %(reason)s"),
        N_("Withdraw the batch, have another person confirm the account or wait, and prepare it again."),
    ),
    errors.PayeeCheckMissing: Problem(
        409,
        REFUSED,
        N_("The bank has not been asked who holds the account of landlord %(landlord)s"),
        N_("The fund's controls ask for it. Record the result with 'fund check payee' and try again."),
    ),
    errors.TaxCheckMissing: Problem(
        409,
        REFUSED,
        N_("Landlord %(landlord)s has %(total)s EUR coming, above %(threshold)s, and no tax-debt check is in force"),
        N_("Art. 48-bis DPR 602/1973: check, and record it with 'fund check tax'; it is good for %(days)s days."),
    ),
    errors.TaxDebtFound: Problem(
        409,
        REFUSED,
        N_("A tax debt of landlord %(landlord)s was found (%(reference)s): %(total)s EUR, above %(threshold)s EUR"),
        N_("Art. 48-bis DPR 602/1973: the payment is suspended until a later check finds nothing due; record it then."),
    ),
    errors.CallBackMissing: Problem(
        409,
        REFUSED,
        N_("Landlord %(landlord)s has to be called back first"),
        N_("Call the contact already on file, and give the day of the call."),
    ),
    errors.ContactTooNew: Problem(
        409,
        REFUSED,
        N_("The contact of landlord %(landlord)s is new: no account proposed before %(day)s is confirmed by it"),
        N_("Reject the account, and have it proposed again from that day on."),
    ),
}
