"""The JSON of a view: its model is made from the view's fields, and the view is written by its model.

Amounts are strings in euros with two decimals (``"450.00"``), months ``"2022-05"``, days ``"2022-05-31"``, instants
``"2022-05-31T10:00:00Z"``; what is unknown is ``null``. Marks on a field (``fund.domain.members``) name its member,
leave it out, put its own members in its place, mask it, or show it whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, create_model

from fund.domain.identifiers import mask_email, mask_iban, mask_tax_code
from fund.domain.members import Inline, Internal, Masked, Member, Whole
from ledger.money import format_cents
from ledger.months import Month
from ledger.text import format_instant

PERSONAL = re.compile(
    r"(.*_)?(name|tax_code|ibans?|account|email|phone|address|contact|remittance)(_before)?|counterparty_.*", re.ASCII
)
"""The names of fields whose texts may be personal data."""

_MASKS: dict[Masked, Callable[[str], str]] = {
    Masked.IBAN: mask_iban,
    Masked.TAX_CODE: mask_tax_code,
    Masked.EMAIL: mask_email,
}
_AMOUNT = Annotated[str, BeforeValidator(format_cents)]
_TEXTS: dict[object, object] = {
    str: str,
    int: int,
    bool: bool,
    NoneType: NoneType,
    Month: Annotated[str, BeforeValidator(str)],
    date: Annotated[str, BeforeValidator(date.isoformat)],
    datetime: Annotated[str, BeforeValidator(format_instant)],
}

V = TypeVar("V")

if TYPE_CHECKING:
    JsonOf = Annotated[V, "the view itself to a type checker"]
else:

    class JsonOf:
        """``JsonOf[RunView]``: the model of a view, as the type of what a route answers."""

        def __class_getitem__(cls, view: type) -> type[BaseModel]:
            return response_model(view)


class _ViewModel(BaseModel):
    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


@cache
def response_model(view: type) -> type[BaseModel]:
    """The model of a view, named ``RunJson`` for a ``RunView``.

    Raises ``TypeError`` for a field of no known type, or with the name of personal data and no mark that says whether
    it is shown.
    """
    name = f"{view.__name__.removesuffix('View').removesuffix('Json')}Json"
    is_documented = not (view.__doc__ or "").startswith(f"{view.__name__}(")  # the text that ``dataclass`` makes up
    doc = view.__doc__ if is_documented else None
    return create_model(name, __base__=_ViewModel, __module__=view.__module__, __doc__=doc, **_fields(view))


def _fields(view: type, *path: str) -> dict[str, Any]:
    """The fields of a view's model; ``path`` leads to the view where it is inline in another one."""
    fields: dict[str, Any] = {}
    for name, hint in _members(view).items():
        marks = set(_marks(hint))
        if Inline() in marks:
            fields |= _fields(get_args(hint)[0], *path, name)
            continue
        renamed = next((mark.name for mark in marks if isinstance(mark, Member)), None) or name.removesuffix("_cents")
        alias = None if renamed == name else renamed
        place = AliasPath(*path, name) if path else None
        fields[name] = _json_type(hint, _leaves(name, marks)), Field(serialization_alias=alias, validation_alias=place)
    return fields


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def render(shape: Any, value: object) -> Any:
    """A value of views, as JSON of a shape that a route declares: what the shape does not name is left out."""
    adapter = _adapter(shape)
    return adapter.dump_python(adapter.validate_python(value, from_attributes=True), mode="json", by_alias=True)


def view_json(view: object) -> Any:
    """A view, or a list of views, as JSON."""
    if isinstance(view, list):
        return [view_json(one) for one in view]
    kind: type = type(view)
    return render(response_model(kind), view)


def _members(view: type) -> dict[str, Any]:
    """The type of each member by the name of its field or property, in the order of the JSON."""
    hints = get_type_hints(view, include_extras=True)
    members = {name: hint for name, hint in hints.items() if Internal() not in _marks(hint)}
    for owner in reversed(view.__mro__):
        for name, value in vars(owner).items():
            if isinstance(value, property):
                members = _with_property(members, name, value)
    return members


def _with_property(members: dict[str, Any], name: str, declared: property) -> dict[str, Any]:
    hint = get_type_hints(declared.fget, include_extras=True)["return"]
    mark = next((mark for mark in _marks(hint) if isinstance(mark, Member)), None)
    if mark is None:
        return members
    names = list(members)
    place = len(names) if mark.before is None else names.index(mark.before)
    return {one: members.get(one, hint) for one in (*names[:place], name, *names[place:])}


def _marks(hint: Any) -> list[object]:
    """The marks of a type and of its parts."""
    own = list(getattr(hint, "__metadata__", ()))
    return own + [mark for part in get_args(hint) if part not in own for mark in _marks(part)]


def _leaves(name: str, marks: set[object]) -> Mapping[object, object]:
    """What stands in the JSON for each simple type of one field."""
    masks = [_MASKS[mark] for mark in marks if isinstance(mark, Masked)]
    if masks:
        return {**_TEXTS, str: Annotated[str, BeforeValidator(_once(masks[0]))]}
    if PERSONAL.fullmatch(name) and not any(isinstance(mark, Whole) for mark in marks):
        return {key: value for key, value in _TEXTS.items() if key is not str}
    return {**_TEXTS, int: _AMOUNT} if name.endswith("_cents") else _TEXTS


def _once(mask: Callable[[str], str]) -> Callable[[str], str]:
    """A mask that leaves a masked text as it is."""
    return lambda text: text if "…" in text else mask(text)


def _json_type(hint: Any, leaves: Mapping[object, object]) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _json_type(parts[0], leaves)
    if origin in (Union, UnionType):
        return Union[tuple(_json_type(part, leaves) for part in parts)]  # noqa: UP007  # the parts are known at run time
    if origin in (tuple, list, Sequence):
        return list[_json_type(parts[0], leaves)]  # type: ignore[misc]  # made at run time
    if origin is Mapping:
        return dict[str, _json_type(parts[1], leaves)]  # type: ignore[misc]  # made at run time
    if hint in leaves:
        return leaves[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Annotated[str, BeforeValidator(str)]
    if isinstance(hint, type) and get_type_hints(hint):
        return response_model(hint)
    raise TypeError(f"no JSON is declared for {hint}")
