"""The published tables of a release as rows.

A figure that is not shown comes out without its number, whatever the file holds; so do its limits and its
chart point.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

Row = dict[str, Any]

_SHOWN = "value_status in ('shown', 'unreliable_u', 'official')"
_NUMBERS = "numerator denominator value value_text ci95_lower ci95_upper confidence_grade confidence_reasons"
_HIDE = ", ".join(f"case when f.{_SHOWN} then f.{name} end as {name}" for name in _NUMBERS.split())

_RELEASE = "from dim_release"
_INDICATORS = f"""
    select s.* replace (
            case when s.{_SHOWN} then s.value end as value,
            case when s.{_SHOWN} then s.value_text end as value_text),
        i.* exclude (indicator_id, title, objective, objective_title, unit, direction, baseline_value,
            baseline_period, target_value, comparator_area),
        i.direction as place_direction, c.area_name as comparator_name, p.period_type, p.period_end
    from scorecard s
    join dim_indicator i using (indicator_id)
    left join dim_area c on c.area_code = s.comparator_area
    left join dim_period p using (period_id)
    order by i.display_order, s.indicator_id
"""
_FIGURES = f"""
    select f.indicator_id, f.area_code, f.period_id, f.sex, f.age_band, f.value_status,
        f.status_reason, {_HIDE},
        f.compared, f.provisional, f.is_complete, f.comparability,
        a.area_name, a.area_type, p.period_type, p.period_end, p.label
    from fct_indicator_value f
    join dim_area a using (area_code)
    join dim_period p using (period_id)
    where f.indicator_id = ?
    order by p.period_end, f.period_id, f.area_code, f.sex, f.age_band
"""
_POINTS = f"""
    select c.*, p.label, p.period_end
    from fct_indicator_spc c
    join dim_period p using (period_id)
    where c.indicator_id = ? and c.area_code = ? and exists (
        from fct_indicator_value f where f.indicator_id = c.indicator_id and f.area_code = c.area_code
            and f.period_id = c.period_id and f.{_SHOWN})
    order by c.period_type, c.period_start
"""
_CHART = """
    from dim_chart where indicator_id = ? and area_code = ? and chart_type <> 'none'
    order by period_type
"""
_NO_CHART = (
    "from dim_chart where indicator_id = ? and area_code = ? and chart_type = 'none' order by period_type"
)
_ANNOTATIONS = """
    select d.title, min(d.starts_on) as starts_on, max(d.ends_on) as ends_on, min(d.source) as source,
        bool_or(d.rebases_charts) as rebases_charts
    from dim_annotation d join fct_indicator_annotation i using (annotation_id)
    where d.is_drawn and i.indicator_id = ? and coalesce(i.area_code, ?) = ?
    group by d.title order by 2, 1
"""
_INEQUALITY = """
    select q.*, p.period_type, p.period_start, p.period_end, p.label
    from fct_inequality q join dim_period p using (period_id)
    where q.indicator_id = ? order by p.period_end, p.period_start
"""
_COMPARED = """
    select area_code, comparator_area, comparator_value, compared_95
    from fct_comparison
    where indicator_id = ? and period_id = ? and sex = 'persons' and age_band = 'all'
    order by all
"""
_SOURCES = """
    select partner, extract, count(distinct delivery_id) as files, max(received_at) as received_at,
        max(last_month) as last_month
    from fct_lineage where indicator_id = ? and is_in_use
    group by all order by all
"""
_FALLS = """
    from fct_unexplained_fall where subject = 'indicator' and series_id = ? and is_unexplained
    order by month_start
"""
_AREAS = "from dim_area order by area_type, area_name, area_code"
_SUPPLY = """
    with deliveries as (
        select partner, coalesce(extract, '') as extract,
            count(*) filter (verdict <> 'rejected') as files,
            count(*) filter (verdict = 'rejected') as rejected,
            sum(accepted) as accepted, sum(quarantined) as quarantined,
            max(received_at) filter (verdict <> 'rejected') as received_at
        from fct_delivery where state in ('received', 'landed_again') group by all
    ),
    months as (
        select partner, extract, max(month_start) filter (supply_status = 'received') as newest,
            coalesce(sum(periods_missing), 0) as missing
        from fct_supply group by all
    )
    select d.*, m.newest, coalesce(m.missing, 0)::bigint as missing
    from deliveries d left join months m using (partner, extract)
    order by d.partner, d.extract
"""
_LATE = """
    select partner, extract, month_start, supply_status
    from fct_supply where supply_status <> 'received' order by partner, extract, month_start
"""
_CORRECTIONS = "from fct_correction order by extract, correction_id"
_CONTEXT = "from dim_plan_context order by source, item"
_EVENTS = "from dim_annotation where is_drawn order by starts_on, title, annotation_id"
_RESTATED = """
    select indicator_id, cause, count(*) as figures from fct_restatement
    where to_release = (select max(release_id) from dim_release)
    group by all order by all
"""


class Published:
    """An open published file. Use it in a `with`."""

    def __init__(self, outcomes: Path) -> None:
        self._con = duckdb.connect(str(outcomes), read_only=True)
        self._there = {
            name for (name,) in self._con.execute("select table_name from duckdb_tables()").fetchall()
        }

    def __enter__(self) -> Published:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def release(self) -> Row:
        """The one row of dim_release."""
        return self._rows(_RELEASE)[0]

    def indicators(self) -> list[Row]:
        """Scorecard and dim_indicator in one row each, in the order of lists."""
        return self._rows(_INDICATORS)

    def figures(self, indicator: str) -> list[Row]:
        """Figures of an indicator with place and period, in the order of time."""
        return self._rows(_FIGURES, indicator)

    def points(self, indicator: str, area: str) -> list[Row]:
        """Points of its control charts at an area, by kind of period and in the order of time."""
        return self._rows(_POINTS, indicator, area)

    def charts(self, indicator: str, area: str) -> list[Row]:
        """Which control charts there are."""
        return self._rows(_CHART, indicator, area)

    def refused_charts(self, indicator: str, area: str) -> list[Row]:
        """For which kinds of period there is none, and why."""
        return self._rows(_NO_CHART, indicator, area)

    def annotations(self, indicator: str, area: str) -> list[Row]:
        """What happened, to be drawn: title, starts_on, ends_on, source, rebases_charts."""
        return self._rows(_ANNOTATIONS, indicator, area, area)

    def inequality(self, indicator: str) -> list[Row]:
        """Gaps and slopes by period."""
        return self._rows(_INEQUALITY, indicator)

    def compared(self, indicator: str, period: str) -> list[Row]:
        """How areas compare with those they belong to, in one period."""
        return self._rows(_COMPARED, indicator, period)

    def sources(self, indicator: str) -> list[Row]:
        """Extracts an indicator is made from, with the newest file of each."""
        return self._rows(_SOURCES, indicator)

    def falls(self, indicator: str) -> list[Row]:
        """Months with a fall that nothing explains."""
        return self._rows(_FALLS, indicator)

    def areas(self) -> list[Row]:
        """Every area."""
        return self._rows(_AREAS)

    def supply(self) -> list[Row]:
        """Files by partner and extract; one that fitted no extract has an empty one."""
        return self._rows(_SUPPLY)

    def late(self) -> list[Row]:
        """Months that are overdue, or of which only a rejected file came."""
        return self._rows(_LATE)

    def corrections(self) -> list[Row]:
        """Known errors of partners."""
        return self._rows(_CORRECTIONS)

    def context(self) -> list[Row]:
        """Figures that plans state."""
        return self._rows(_CONTEXT)

    def events(self) -> list[Row]:
        """What happened, everywhere."""
        return self._rows(_EVENTS)

    def restated(self) -> list[Row]:
        """Figures this release changed, by indicator and cause; none where the file keeps no ledger."""
        return self._rows(_RESTATED) if "fct_restatement" in self._there else []

    def _rows(self, query: str, *args: Any) -> list[Row]:
        cursor = self._con.execute(query, list(args))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
