"""FastAPI works out anew for each application what a route takes and gives: a sixth of what a served test costs.

A route of ours is included at one prefix, and nothing of it depends on the application, so that one process keeps it.
"""

from dataclasses import replace
from typing import Any

from fastapi import routing

_worked_out: dict[tuple[int, str], tuple[Any, Any]] = {}
_from_api_route = routing._EffectiveRouteContext.from_api_route


def _from_api_route_once(*, original_route: Any, include_context: Any) -> Any:
    key = id(original_route), include_context.path_for(original_route)
    if key not in _worked_out:
        of_any_application = replace(include_context, dependency_overrides_provider=None)
        context = _from_api_route(original_route=original_route, include_context=of_any_application)
        _worked_out[key] = original_route, context  # the route is kept, so that no other one gets its number
    return _worked_out[key][1]


routing._EffectiveRouteContext.from_api_route = _from_api_route_once  # type: ignore[method-assign,assignment]
