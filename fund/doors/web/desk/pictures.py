"""The desk's charts: which facts they show, in which words and colours. A table with the same figures stands beside."""

from fund.documents.catalogue import Translator
from fund.documents.charts import NARROW, WIDE, Segment, stacked_bars
from fund.domain.views import FundBalance

NAVY, BLUE, SKY, GREEN, MINT, GREY = "#17324d", "#0066cc", "#8fbdec", "#008055", "#a8dcc4", "#8d9aa6"


def fund_picture(fund: FundBalance, speak: Translator, *, is_narrow: bool) -> bytes:
    """Two bars of the same length: what was granted by whether it arrived, and by what became of it."""
    _, money = speak.gettext, speak.money
    waiting_cents = fund.allocated_cents - fund.received_cents
    parts = [
        Segment(_("received"), GREEN, [None, fund.received_cents]),
        Segment(_("to be received"), MINT, [None, waiting_cents]),
        Segment(_("used"), NAVY, [fund.used_cents, None]),
        Segment(_("committed"), BLUE, [fund.committed_cents, None]),
        Segment(_("available"), SKY, [fund.available_cents, None]),
        Segment(_("repaid to the funder"), GREY, [fund.repaid_to_funder_cents, None]),
    ]
    description = _(
        "Granted %(allocated)s, of which received %(received)s. Used %(used)s, committed %(committed)s, available"
        " %(available)s.",
        allocated=money(fund.allocated_cents),
        received=money(fund.received_cents),
        used=money(fund.used_cents),
        committed=money(fund.committed_cents),
        available=money(fund.available_cents),
    )
    shown = [part for part in parts if any(part.cents)]
    bars = [_("Use"), _("Grant")]
    return stacked_bars(_("The fund’s money"), description, bars, shown, money, NARROW if is_narrow else WIDE)
