"""Whole months as they happen in an office, told through the real services on both engines."""

from tests.fund.kit import MARCH, Office, close_months


def test_a_plain_month(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    approved = office.run_month(MARCH)
    assert approved.batch == "BAT-2022-0001"
    assert [(line.household, line.amount_cents, line.state) for line in approved.run.lines] == [
        ("N01", 45_000, "ordered"),
        ("N02", 40_000, "ordered"),
    ]
    office.on("2022-03-07").settle(approved.batch)
    close_months(office.on("2022-04-01"))
    fund = office.balances().fund
    assert (fund.paid_cents, fund.used_cents, fund.cash_cents) == (85_000, 85_000, 915_000)
    assert fund.available_cents == 1_000_000 - 12 * 45_000 + 5_000, "what N02's rent left over is free again"
    assert office.findings() == ()
