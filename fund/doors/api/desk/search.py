"""Finding anything by its code, or by what is known of it."""

from fund.doors.api.answers import Items
from fund.doors.api.routes import Routes
from fund.doors.http.fields import SearchText
from fund.doors.http.schema import JsonOf
from fund.services.context import Context
from fund.services.desk import search
from fund.services.desk.search import Hit

routes = Routes(tag="search")


@routes.read("/search", "What has a code, a name, an amount or a mandate")
def find(context: Context, q: SearchText) -> Items[JsonOf[Hit]]:
    """As the desk's search box. Names, tax codes, whole IBANs and registrations are for the finance office alone."""
    return {"items": search.search(context, q)}
