"""Charts: told in words, of our colours, and with nothing inside that runs or is fetched."""

import re

from lxml import etree

from fund.documents.catalogue import translator
from fund.documents.charts import NARROW, WIDE, Segment, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"
PARTS = [Segment("used & <gone>", "#17324d", [123_456, None]), Segment("received", "#008055", [None, 200_000])]


def test_a_chart_is_told_and_runs_nothing() -> None:
    for size in (WIDE, NARROW):
        data = stacked_bars(
            "The title", "What <it> shows & means", ["Use", "Grant"], PARTS, translator("en").money, size
        )
        root = etree.fromstring(data)
        assert [(element.tag, element.text) for element in root[:2]] == [
            (f"{SVG}title", "The title"),
            (f"{SVG}desc", "What <it> shows & means"),
        ]
        assert root.get("role") == "img"
        assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
        assert not root.findall(f".//{SVG}script")
        text = data.decode()
        assert not re.search(r'href="|@import|url\(|\son\w+=', text)
        assert set(re.findall(r"https?://[^\s\"'<)]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        for part in PARTS:
            assert part.colour in text
        assert "used &amp; &lt;gone&gt;" in text
        assert ">€0.00<" in text, "the axis is written as money"
