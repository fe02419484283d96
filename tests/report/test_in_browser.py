"""Every kind of page in a headless Chromium, from a phone's width to a desk's; skips where there is none."""

from __future__ import annotations

import pytest
from headless_browser import browser
from small_outcomes import outcomes, tables

from bassetlaw_pipeline.report.site import write_report

PAGES = (
    "index", "objectives/improve-outcomes", "workstreams", "workstreams/frailty", "indicators/waits",
    "places", "places/W1", "places/P1", "data-quality", "about", "glossary",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    write_report(outcomes(folder / "outcomes.duckdb", tables()), folder / "report")
    return folder / "report"


def test_no_page_scrolls_sideways_complains_or_asks_for_anything_elsewhere(folder):
    with browser() as chromium:
        for page in PAGES:
            for width in (320, 1280):
                chromium.open(folder / f"{page}.html", width)
                assert chromium.run("return document.documentElement.scrollWidth") <= width, (page, width)
                assert chromium.log() == [], page
                asked = [a for a in chromium.requests() if not a.startswith(("data:", "chrome"))]
                assert all(address.startswith(folder.as_uri()) for address in asked), asked


def test_a_page_prints_without_the_way_around(folder):
    with browser() as chromium:
        chromium.open(folder / "indicators" / "waits.html", 1280)
        chromium.media("print")
        shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
        assert chromium.run(shown, "header nav") == "none"
        assert chromium.run(shown, "svg.chart") == "block"
