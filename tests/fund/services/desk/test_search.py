"""Search on both engines: by code, by hash and number, by what the finance office alone may look for."""

from fund.services.desk.landlord_desk import list_payees, view_payee
from fund.services.desk.search import Hit, search
from tests.fund.kit import MARCH, Office


def test_codes_are_found_from_their_beginning_and_personal_data_whole_by_finance_alone(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    batch = office.pay_month(MARCH)
    payee = office.ask(office.preparer, view_payee, "L0001")
    lease = payee.leases[0]

    def found(text: str) -> list[Hit]:
        return office.ask(office.auditor, search, text)

    assert [hit.key for hit in found("n0")] == ["N01", "N02"]
    assert found("PAY-2022-03-0001") == [Hit("payment", "PAY-2022-03-0001", "settled")]
    assert found(batch) == [Hit("batch", batch, "sent", "2022-03")]
    assert found("N01-2022-03") == [Hit("contribution", "N01-2022-03", "settled", "2022-03")]
    assert found("#1") == [Hit("entry", "1", "agreement")]
    assert found("2022-0")[0].kind == "run"
    assert found("  ") == found("nothing") == []
    assert found(lease.registration) == []
    assert Hit("household", lease.household) in office.ask(office.preparer, search, lease.registration)


def test_a_list_of_landlords_shows_each_with_the_account_that_counts(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    rows = office.ask(office.auditor, list_payees)
    assert [row.code for row in rows] == ["L0001", "L0002", "L0003"]
    assert {row.account.state for row in rows if row.account is not None} == {"confirmed"}
    payee = office.ask(office.auditor, view_payee, "L0001")
    assert payee.person is None
    assert [account.version for account in payee.accounts] == [1]
