"""Pages that other subjects' pages lead back to: path and title, as a form's breadcrumbs show them."""

from fund.domain.texts import N_

LANDLORDS = ("/landlords", N_("Landlords"))
LANDLORD = ("/landlords/{landlord}", N_("Landlord %(landlord)s"))
