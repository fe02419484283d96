"""The charts of a dashboard: the scorecard, one line per indicator, and which figures are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bassetlaw_pipeline.indicators.registry import Indicator

_SCORECARD = ("title", "area_name", "period_label", "value_text", "verdict", "target_status", "narrative")
_COLUMNS_OF_A_PAGE = 12
_AREA_TYPES = {"site": "provider"}  # as dim_area has them


@dataclass(frozen=True)
class Chart:
    """One chart: its words, the table it reads and Superset's parameters."""

    title: str
    description: str
    dataset: str
    params: dict[str, Any]


def of_objective(objective: str, indicators: Iterable[Indicator]) -> Iterator[tuple[str, Chart]]:
    """Charts of one objective by file name: scorecard, a line per indicator, figures by status.

    A companion adds a second measure to its indicator, and the value of a gap names no area: both stand on
    the scorecard only.
    """
    yield f"{objective}_scorecard", _scorecard(objective)
    for indicator in indicators:
        if indicator.headline == "value" and not indicator.companion_of:
            yield f"{indicator.id}_line", _line(indicator)
    yield f"{objective}_statuses", _statuses(objective)


def _scorecard(objective: str) -> Chart:
    params = {
        "viz_type": "table",
        "query_mode": "raw",
        "all_columns": list(_SCORECARD),
        "adhoc_filters": [_equals("objective", objective)],
        "order_by_cols": [],
        "row_limit": 100,
        "table_timestamp_format": "smart_date",
    }
    return Chart("Scorecard", "The latest figure of every indicator, in one sentence.", "scorecard", params)


def _line(indicator: Indicator) -> Chart:
    place = "district" if "district" in indicator.areas else indicator.areas[0]
    filters = {
        "indicator_id": indicator.id,
        "area_type": _AREA_TYPES.get(place, place),
        "period_type": indicator.headline_period,
    }
    params = {
        "viz_type": "echarts_timeseries_line",
        "x_axis": "period_start",
        "time_grain_sqla": None,
        "metrics": ["figure"],
        "groupby": ["area_name"],
        "adhoc_filters": [_equals(column, value) for column, value in filters.items()],
        "row_limit": 10000,
        "show_legend": True,
        "markerEnabled": True,
        "rich_tooltip": True,
        "y_axis_title": indicator.unit,
        "y_axis_format": ",.1f",
        "x_axis_time_format": "%b %Y",
    }
    better = {"up": "higher", "down": "lower"}[indicator.direction]
    return Chart(
        indicator.title, f"{indicator.definition} Better is {better}.", f"mart_{indicator.objective}", params
    )


def _statuses(objective: str) -> Chart:
    params = {
        "viz_type": "table",
        "query_mode": "aggregate",
        "groupby": ["title", "value_status"],
        "metrics": ["expected"],
        "adhoc_filters": [],
        "row_limit": 1000,
        "order_desc": True,
    }
    words = "How many figures of each indicator are shown, hidden or not there."
    return Chart("Figures by status", words, f"mart_{objective}", params)


def _equals(column: str, value: str) -> dict[str, Any]:
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "==",
        "comparator": value,
    }


def layout(placed: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Superset's tree of a page: wide charts (first and last) in rows of their own, lines two in a row.

    `placed` maps file names to identifier and title.
    """
    names = list(placed)
    lines = names[1:-1]
    rows = [names[:1], *(lines[i : i + 2] for i in range(0, len(lines), 2)), names[-1:]]
    grid = [f"ROW-{n}" for n in range(len(rows))]
    tree: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": grid, "parents": ["ROOT_ID"]},
    }
    for row, members in zip(grid, rows, strict=True):
        tree[row] = {
            "type": "ROW",
            "id": row,
            "children": [f"CHART-{name}" for name in members],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for name in members:
            tree[f"CHART-{name}"] = _placed(
                name, row, *placed[name], width=_COLUMNS_OF_A_PAGE // len(members)
            )
    return tree


def _placed(name: str, row: str, uuid: str, title: str, width: int) -> dict[str, Any]:
    return {
        "type": "CHART",
        "id": f"CHART-{name}",
        "children": [],
        "parents": ["ROOT_ID", "GRID_ID", row],
        "meta": {"uuid": uuid, "sliceName": title, "width": width, "height": 50, "chartId": 0},
    }
