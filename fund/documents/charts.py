"""Charts as SVG, rendered on the server: titled, described in words, and without scripts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

TITLE_ID, DESCRIPTION_ID = "title", "description"
WIDE, NARROW = (960, 260), (400, 330)
"""Width and height of a chart; texts keep their size."""
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the bars: name, colour, and cents per bar (``None`` where it has no part)."""

    name: str
    colour: str
    cents: Sequence[int | None]


def stacked_bars(
    title: str,
    description: str,
    bars: Sequence[str],
    parts: Sequence[Segment],
    write: Callable[[int], str],
    size: tuple[int, int] = WIDE,
) -> bytes:
    """Stacked horizontal bars; ``write`` formats an amount. Title and description are for screen readers."""
    from pygal import Config, HorizontalStackedBar
    from pygal.style import Style

    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="#19191a",
        foreground_strong="#19191a",
        foreground_subtle="#d9dadb",
        opacity="1",
        colors=tuple(part.colour for part in parts),
        font_family="Titillium Web, Segoe UI, Helvetica, Arial, sans-serif",
        label_font_size=15,
        major_label_font_size=15,
        legend_font_size=15,
        value_font_size=15,
    )
    config = Config(
        js=(),
        style=style,
        width=size[0],
        height=size[1],
        explicit_size=False,
        no_prefix=True,
        show_x_guides=False,
        show_y_guides=False,
        show_y_labels=True,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(parts) if size == WIDE else 2,
        legend_box_size=14,
        truncate_legend=-1,
        truncate_label=-1,
        margin=8,
        spacing=14,
        value_formatter=lambda cents: write(int(cents)),
        x_label_rotation=0,
        max_scale=4 if size == WIDE else 2,
    )
    chart = HorizontalStackedBar(config)
    chart.x_labels = list(bars)
    for part in parts:
        chart.add(part.name, list(part.cents))
    return _described(chart.render(), title, description)


def _described(svg: bytes, title: str, description: str) -> bytes:
    """Remove scripts, and insert title and description for screen readers."""
    from lxml import etree

    root: Any = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
    etree.strip_elements(root, f"{_SVG}script", f"{_SVG}title", f"{_SVG}desc", etree.Comment, with_tail=False)
    for number, (name, key, text) in enumerate((("title", TITLE_ID, title), ("desc", DESCRIPTION_ID, description))):
        element = etree.Element(f"{_SVG}{name}", id=key)
        element.text = text
        root.insert(number, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{TITLE_ID} {DESCRIPTION_ID}")
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
