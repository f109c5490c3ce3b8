"""HTML templates: autoescaped, with undefined names as errors, rendered in one language."""

from functools import cache
from typing import TYPE_CHECKING

from fund.documents.catalogue import translator
from fund.documents.resources import shipped

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(template: str, language: str, **context: object) -> str:
    """Render a template from ``templates/`` in a language.

    Besides its context a template has ``_``, ``ngettext``, ``money`` (of cents), ``day``, ``month``, ``instant``, and
    ``language`` for its ``lang`` attribute.

    Raises ``ValueError`` for an unknown language and ``jinja2.UndefinedError`` for an undefined name.
    """
    speak = translator(language)
    return (
        environment()
        .get_template(template)
        .render(
            language=language,
            _=speak.gettext,
            ngettext=speak.ngettext,
            money=speak.money,
            day=speak.day,
            month=speak.month,
            instant=speak.instant,
            **context,
        )
    )


@cache
def environment() -> "Environment":
    """The shared Jinja2 environment, created at first use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
