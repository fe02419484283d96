"""The pages of the report, and writing them.

Pages name the release only where it is the subject (overview, data quality, about): a page of which no
figure changed keeps its bytes from release to release. What is unchanged is not written again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bassetlaw_pipeline.report import overview, symbols, tiles, words
from bassetlaw_pipeline.report.figures import CSV_COLUMNS
from bassetlaw_pipeline.report.indicator import Indicator
from bassetlaw_pipeline.report.place import Place, places
from bassetlaw_pipeline.report.published import Published
from bassetlaw_pipeline.report.supply import partners

Row = dict[str, Any]
Pages = Iterator[tuple[str, str]]  # address within the report, content
_BOM = "\ufeff"  # Excel reads a CSV as UTF-8 only behind one


def write_report(outcomes: Path, folder: Path) -> None:
    """Write the report of the release in the file `outcomes` into `folder`; only what changed is written."""
    with Published(outcomes) as published:
        wanted = set()
        for address, content in _pages(published):
            wanted.add(folder / address)
            _write(folder / address, content)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _write(path: Path, content: str) -> None:
    data = content.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _pages(published: Published) -> Pages:
    release = published.release()
    areas = published.areas()
    by_code = {a["area_code"]: a for a in areas}
    indicators = [Indicator(published, row, by_code) for row in published.indicators()]
    site = Site(release, indicators, places(areas, indicators))
    yield (
        "report.css",
        (files("bassetlaw_pipeline.report") / "templates" / "report.css").read_text(encoding="utf-8"),
    )
    yield from site.overview(published)
    for indicator in indicators:
        yield from site.indicator(indicator)
    yield from site.places()
    yield from site.supply(published)
    yield from site.about(published)


class Site:
    """The pages of one release."""

    def __init__(self, release: Row, indicators: Sequence[Indicator], found: Sequence[Place]) -> None:
        self._release, self._indicators, self._places = release, indicators, found
        self._objectives = overview.objectives(indicators)
        self._workstreams = overview.workstreams(indicators)
        self._with_pages = {p.area["area_code"] for p in found}

    def overview(self, published: Published) -> Pages:
        """The overview, and the lists by objective and workstream."""
        whole = overview.Group("All", "index", self._indicators)
        yield self._page(
            "index", "overview", whole=whole, wordings=overview.wordings(self._indicators),
            first=overview.first(self._indicators), late=overview.late(published),
            changed=overview.changed(published, self._indicators),
        )  # fmt: skip
        for group in self._objectives:
            yield self._page(group.file, "group", group=group, kind="Objective")
        for group in self._workstreams:
            yield self._page(group.file, "group", group=group, kind="Workstream")
        yield self._page("workstreams", "workstreams")

    def indicator(self, indicator: Indicator) -> Pages:
        """The page of an indicator, and the table behind each of its charts."""
        data = {}
        for over in indicator.over_time:
            data[over.name] = over.csv_rows
        for table in indicator.tables:
            data[table.name] = table.csv_rows
        if indicator.gap.rows:
            data["gap"] = indicator.gap.csv_rows
        wards = next((t for t in indicator.tables if t.name == "wards"), None)
        objective = next(o for o in self._objectives if indicator in o.indicators)
        streams = [w for w in self._workstreams if indicator in w.indicators]
        yield self._page(
            f"indicators/{indicator.id}", "indicator", i=indicator, objective=objective, streams=streams,
            tiles=tiles.with_tiles(wards.rows) if wards and wards.has_figures else [],
        )  # fmt: skip
        for name, rows in data.items():
            yield f"data/{indicator.id}-{words.anchor(name)}.csv", _csv(rows)

    def places(self) -> Pages:
        """The list of places, the page of each, and its figures as a file."""
        yield self._page("places", "places")
        for place in self._places:
            yield self._page(f"places/{place.area['area_code']}", "place", place=place)
            if place.rows:
                yield f"data/place-{place.area['area_code']}.csv", _csv(place.csv_rows)

    def supply(self, published: Published) -> Pages:
        """Data quality by partner."""
        found = partners(published)
        yield self._page("data-quality", "supply", partners=found, corrections=published.corrections())

    def about(self, published: Published) -> Pages:
        """About the data, and the glossary."""
        yield self._page(
            "about", "about", symbols=symbols.key(), context=published.context(), events=published.events()
        )
        yield self._page("glossary", "glossary")

    def _page(self, address: str, template: str, **context: Any) -> tuple[str, str]:
        root = "../" * address.count("/")
        page = _environment().get_template(f"{template}.html.j2")
        text = page.render(
            root=root, release=self._release, objectives=self._objectives, workstreams=self._workstreams,
            places=self._places, with_pages=self._with_pages, w=words, **context,
        )  # fmt: skip
        return f"{address}.html", "\n".join(
            line.rstrip() for line in text.splitlines() if line.strip()
        ) + "\n"


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else CSV_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return _BOM + out.getvalue()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bassetlaw_pipeline.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
