"""The report of a release as it comes out: every number on it is published, and it leads nowhere else."""

from __future__ import annotations

import random
import re
from functools import cache

import duckdb
import pytest
from report_pages import Page, broken_links, read

from bassetlaw_pipeline.report.site import write_report
from bassetlaw_pipeline.statistics.rendering import MACROS, render

pytestmark = pytest.mark.slow
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Words of the templates themselves that hold a number.
TEMPLATES = "95% 2013 0 1 2015 2019 100 25 quintile"
NUMBERS = ["value", "ci95_lower", "ci95_upper", "comparator_value"]


@pytest.fixture(scope="module")
def folder(built):
    return built.settings.home.published / "report"


@pytest.fixture(scope="module")
def pages(folder):
    return read(folder)


@pytest.fixture(scope="module")
def con(built):
    with duckdb.connect(str(built.settings.home.outcomes), read_only=True) as con:
        yield con


def test_every_page_can_be_read_by_everybody_and_every_link_leads_somewhere(folder, pages):
    assert {p.path.name: p.faults for p in pages if p.faults} == {}
    assert broken_links(folder, pages) == []
    assert len(pages) > 100


@cache
def _sql(expression: str) -> str:
    return render(expression, MACROS.parent / "rollup")


def _written(con, source: str, indicator: str, columns: list[str] | None = None) -> set[str]:
    """Numbers of a table as dbt's own macros write them, and as they are."""
    known = [c for (c, kind, *_) in con.execute(f"describe {source}").fetchall() if kind == "DOUBLE"]
    of = f"from {source} t join dim_indicator i using (indicator_id) where t.indicator_id = '{indicator}'"
    selects = []
    for column in columns or known:
        kinds = ((1, 1), (0, 1), (2, 1), (1, 100))  # decimals, and a share as a percentage
        formats = ", ".join(f"format('{{:,.{n}f}}', {scale} * t.{column})" for n, scale in kinds)
        call = "{{{{ short_value_text('t.{}', 'i.short_unit', exact={}) }}}}"
        macro, exact = (_sql(call.format(column, e)) for e in (False, True))
        selects.append(f"select distinct {macro}, {exact}, {formats} {of}")
    rows = con.execute(" union ".join(selects)).fetchall()
    return {token for row in rows for text in row if text for token in NUMBER.findall(text)}


def _said(con, source: str, where: str = "true") -> set[str]:
    """Numbers in the published texts of a table, its days and its keys."""
    kinds = con.execute(f"describe {source}").fetchall()
    found: set[str] = set()
    for column, kind, *_ in kinds:
        if kind in ("VARCHAR", "DATE", "TIMESTAMP"):
            text = f"strftime({column}, '%-d %B %Y %d')" if kind != "VARCHAR" else column
            rows = con.execute(f"select distinct {text} from {source} where {where} and {column} is not null")
            found |= {token for (value,) in rows.fetchall() for token in NUMBER.findall(value)}
    return found


def _allowed(con, indicator: str) -> set[str]:
    """Every number that a page about this indicator may tell."""
    of = f"indicator_id = '{indicator}'"
    found = _written(con, "fct_indicator_value", indicator, NUMBERS)
    for source in ("scorecard", "fct_indicator_spc", "fct_inequality", "dim_indicator"):
        found |= _written(con, source, indicator) | _said(con, source, of)
    for source, where in (("fct_indicator_value", of), ("dim_period", "true"), ("dim_area", "true"),
                          ("dim_annotation", "true"), ("dim_chart", of), ("dim_release", "true"),
                          ("fct_lineage", of)):  # fmt: skip
        found |= _said(con, source, where)
    return found


def test_every_number_on_ten_random_pages_is_a_published_one(con, pages):
    chosen = random.Random(20211130).sample([p for p in pages if p.path.parent.name == "indicators"], 10)
    for page in chosen:
        allowed = _allowed(con, page.path.stem) | set(NUMBER.findall(TEMPLATES))
        told = set(NUMBER.findall(_without_counts(page)))
        assert told - allowed == set(), page.path.name


def _without_counts(page: Page) -> str:
    """The page's words, without how many places are better, worse, the same or hidden, and how many files."""
    words = re.sub(r"\d+ (better|worse|about the same|hidden)", "", page.text)
    words = re.sub(r"Next data due\s+\d+ \w+ \d+", "", words)  # from the contract
    files = [row[2] for t in page.tables if t.caption == "Extracts in use" for row in t.rows[1:]]
    for count in files:
        words = words.replace(f" {count}", " ", 1) if count.strip() else words
    return words


def test_the_figures_of_tables_stand_beside_their_place(con, pages):
    """Place, period, figure and interval of the tables of wards and networks, by dbt's own macros."""
    macro, limits = (
        _sql("{{ short_value_text('v.value', 'short_unit') }}"),
        _sql("{{ interval_text('v.ci95_lower', 'v.ci95_upper', 'short_unit') }}"),
    )
    seen = 0
    for page in random.Random(7).sample([p for p in pages if p.path.parent.name == "indicators"], 20):
        for table in (t for t in page.tables if t.caption.startswith(("Wards, ", "Primary care networks, "))):
            for name, figure, interval, *_ in table.rows[1:]:
                rows = con.execute(
                    f"select coalesce({macro}, ''), coalesce({limits}, '') from fct_indicator_value v "
                    "join dim_indicator using (indicator_id) join dim_area using (area_code) "
                    "join dim_period using (period_id) "
                    "where indicator_id = ? and area_name = ? and contains(?, label) and age_band = 'all'",
                    [page.path.stem, name.strip(), table.caption],
                ).fetchall()
                assert any(
                    (figure.strip(), interval.strip()) == (value, band)
                    or not (value or re.search(r"\d", figure))
                    for value, band in rows
                ), (page.path.name, name, figure, rows)
                seen += 1
    assert seen > 20


def test_the_report_of_the_same_file_has_the_same_bytes(built, folder, tmp_path):
    write_report(built.settings.home.outcomes, tmp_path)
    again = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert again == {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
