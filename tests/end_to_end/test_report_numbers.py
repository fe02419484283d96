"""The report of a release as it comes out: every number on it is published, and it leads nowhere else."""

from __future__ import annotations

import random
import re
from functools import cache

import duckdb
import pytest
from macro_rendering import MACROS, render
from report_pages import Page, broken_links, read

from bassetlaw_pipeline.report.site import write_report

pytestmark = pytest.mark.slow
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Words of the templates themselves that hold a number.
TEMPLATES = "95 2013 0 1 2015 2019 100 25 10"
_TOLD_EVERYWHERE = {
    "dim_period": ("label",),
    "dim_area": ("area_name",),
    "dim_annotation": ("title", "starts_on"),
    "dim_release": ("licence",),
}
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


def _numbers(con, source: str, indicator: str, columns: list[str] | None = None) -> set[float]:
    """The published numbers of an indicator in a table."""
    known = [c for (c, kind, *_) in con.execute(f"describe {source}").fetchall() if kind == "DOUBLE"]
    rows = con.execute(
        f"select distinct {', '.join(columns or known)} from {source} where indicator_id = ?", [indicator]
    )
    return {number for row in rows.fetchall() for number in row if number is not None}


def _written(con, numbers: set[float], unit: str) -> set[str]:
    """Numbers as dbt's own macros write them, as they are published, and shares as percentages."""
    call = "{{{{ short_value_text('number', 'unit', exact={}) }}}}"
    kinds = ((1, 1), (2, 1), (1, 100))
    plain = [f"format('{{:,.{decimals}f}}', {scale} * number)" for decimals, scale in kinds]
    texts = ", ".join([*(_sql(call.format(exact)) for exact in (False, True)), *plain])
    rows = con.execute(
        f"select {texts} from (select unnest(?::double[]) as number, ?::varchar as unit)",
        [sorted(numbers), unit],
    )
    return {token for row in rows.fetchall() for text in row for token in NUMBER.findall(text)}


def _said(con, source: str, where: str = "true", columns: tuple[str, ...] = ()) -> set[str]:
    """Numbers in the published texts and days of a table, of all columns or of these."""
    kinds = con.execute(f"describe {source}").fetchall()
    found: set[str] = set()
    for column, kind, *_ in kinds:
        if kind in ("VARCHAR", "DATE", "TIMESTAMP") and column in (columns or [column]):
            text = f"strftime({column}, '%-d %B %Y %d')" if kind != "VARCHAR" else column
            rows = con.execute(f"select distinct {text} from {source} where {where} and {column} is not null")
            found |= {token for (value,) in rows.fetchall() for token in NUMBER.findall(value)}
    return found


def _allowed(con, indicator: str) -> set[str]:
    """Every number that a page about this indicator may tell."""
    of = f"indicator_id = '{indicator}'"
    (unit,) = con.execute(f"select short_unit from dim_indicator where {of}").fetchone()
    numbers = _numbers(con, "fct_indicator_value", indicator, NUMBERS)
    found: set[str] = set()
    for source in ("scorecard", "fct_indicator_spc", "fct_inequality", "dim_indicator"):
        numbers |= _numbers(con, source, indicator)
        found |= _said(con, source, of)
    found |= _written(con, numbers, unit)
    dims = (_said(con, source, columns=columns) for source, columns in _TOLD_EVERYWHERE.items())
    return found.union(
        _said(con, "fct_indicator_value", of, ("status_reason", "age_band", "confidence_reasons")),
        _said(con, "dim_chart", of, ("chart_reason", "usual_since")),
        _said(con, "fct_lineage", of, ("received_at", "last_month")),
        *dims,
    )


def test_every_number_on_ten_random_pages_is_a_published_one(con, pages):
    chosen = random.Random(20211130).sample([p for p in pages if p.path.parent.name == "indicators"], 10)
    for page in chosen:
        allowed = _allowed(con, page.path.stem) | set(NUMBER.findall(TEMPLATES)) | _counts(page)
        told = set(NUMBER.findall(_without_counts(page)))
        assert told - allowed == set(), page.path.name


def _without_counts(page: Page) -> str:
    """The page's words, without how many places are better, worse, the same or hidden."""
    words = re.sub(r"\d+ (better|worse|about the same|hidden)", "", page.text)
    return re.sub(r"Next data due\s+\d+ \w+ \d+", "", words)  # from the contract


def _counts(page: Page) -> set[str]:
    """How many files are in use."""
    return {row[2].strip() for t in page.tables if t.caption == "Extracts in use" for row in t.rows[1:]}


def test_the_figures_of_tables_stand_beside_their_place(con, pages):
    """Place, period, figure and interval of the tables of wards and networks, by dbt's own macros."""
    macro, limits = (
        _sql("{{ short_value_text('v.value', 'short_unit') }}"),
        _sql("{{ interval_text('v.ci95_lower', 'v.ci95_upper', 'short_unit') }}"),
    )
    seen = 0
    for page in (p for p in pages if p.path.parent.name == "indicators"):
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
