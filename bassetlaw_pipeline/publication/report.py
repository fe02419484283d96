"""The board's page: one self-contained HTML file made from the published tables only.

Belongs here: reading outcomes.duckdb of a release and filling the template. Does not belong here:
any number that is not in the published file, nor how one is written; so the page discloses nothing more.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bassetlaw_pipeline.publication.chart import control_chart

_CARDS = """
    select s.*, i.plan_wording
    from outcomes.scorecard s join outcomes.dim_indicator i using (indicator_id)
    order by i.display_order
"""
_POINTS = """
    select c.period_start, c.value, c.mean, c.lower_limit, c.upper_limit, c.usual_since, c.variation, c.target
    from outcomes.fct_indicator_spc c
    where c.indicator_id = ? and c.area_code = ? and c.period_type = ?
    order by c.period_start
"""
_ANNOTATIONS = """
    select d.title, min(d.starts_on) as starts_on, max(d.ends_on) as ends_on
    from outcomes.dim_annotation d join outcomes.fct_indicator_annotation i using (annotation_id)
    where d.is_drawn and i.indicator_id = ? and coalesce(i.area_code, ?) = ?
    group by d.title order by 2, 1
"""
_DELIVERIES = """
    select partner, coalesce(extract, 'not recognised') as extract,
        count(*) filter (verdict <> 'rejected') as files,
        count(*) filter (verdict = 'rejected') as rejected,
        coalesce(sum(accepted), 0)::bigint as accepted,
        coalesce(sum(quarantined), 0)::bigint as quarantined,
        strftime(max(last_month), '%B %Y') as newest
    from outcomes.fct_delivery group by all order by all
"""


def write_report(outcomes: Path, release: dict[str, Any], folder: Path) -> None:
    """Write `<folder>/index.html` for the release in the file `outcomes`, which is called outcomes.duckdb."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(outcomes), read_only=True) as con:
        cards = _dicts(con, _CARDS)
        for card in cards:
            # No chart of another measure: a figure without a chart of its own has none.
            where = [card["indicator_id"], card["area_code"], card["chart_period_type"]]
            happened = _dicts(con, _ANNOTATIONS, [card["indicator_id"], *[card["area_code"]] * 2])
            card["chart"] = control_chart(_dicts(con, _POINTS, where), card["title"], happened)
        deliveries = _dicts(con, _DELIVERIES)
    objectives = [
        {"title": title, "cards": list(group)}
        for title, group in groupby(cards, lambda c: c["objective_title"])
    ]
    page = _template().render(release=release, objectives=objectives, deliveries=deliveries)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("bassetlaw_pipeline.publication"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
    )
    environment.filters |= {"day": _day}
    return environment.get_template("report.html.j2")


def _day(when: str | None) -> str:
    return f"{datetime.fromisoformat(when):%d %B %Y}" if when else "an unknown day"


def _dicts(con: duckdb.DuckDBPyConnection, query: str, args: list[Any] | None = None) -> list[dict[str, Any]]:
    cursor = con.execute(query, args or [])
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
