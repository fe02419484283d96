"""An export for Apache Superset: the database, a dataset per published table, a dashboard per objective.

Identifiers are uuid5 of the names, so that a second import replaces the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from bassetlaw_pipeline.bi import superset_charts as charts
from bassetlaw_pipeline.bi.measures import MEASURES, wide_marts
from bassetlaw_pipeline.indicators.registry import OBJECTIVES, Indicator, load_registry
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedColumn, PublishedTable, declared_tables

# Where Superset's container sees the folder published/; docs/bi.md says how to name another place.
URI = "duckdb:////outcomes/outcomes.duckdb"
DATABASE = "Bassetlaw outcomes"
VERSION = "1.0.0"
_TIME = {"DATE", "TIMESTAMP"}


def identifier(kind: str, name: str) -> str:
    """The same identifier for the same thing, in every export."""
    return str(uuid5(NAMESPACE_URL, f"bassetlaw-outcomes/superset/{kind}/{name}"))


def outputs(folder: Path) -> dict[Path, str]:
    """Every file of the export, in `folder`, and its text."""
    documents = dict(_documents())
    return {folder / path: _yaml(body) for path, body in documents.items()}


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "metadata.yaml", {"version": VERSION, "type": "Dashboard", "timestamp": "2021-04-01T00:00:00+00:00"}
    yield "databases/bassetlaw_outcomes.yaml", _database()
    for table in declared_tables():
        yield f"datasets/bassetlaw_outcomes/{table.name}.yaml", _dataset(table)
    for objective in OBJECTIVES:
        yield from _objective(objective)


def _database() -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": URI,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        # Read-only: without it two charts of one dashboard lock each other out.
        "extra": {
            "engine_params": {"connect_args": {"read_only": True}},
            "allows_virtual_table_explore": True,
        },
        "uuid": identifier("database", DATABASE),
        "version": VERSION,
    }


def _dataset(table: PublishedTable) -> dict[str, Any]:
    wide = table in wide_marts()
    dated = [c.name for c in table.columns if c.type in _TIME]
    return {
        "table_name": table.name,
        "main_dttm_col": "period_start" if "period_start" in dated else next(iter(dated), None),
        "description": table.description,
        "schema": "main",
        "sql": None,
        "filter_select_enabled": True,
        "columns": [_column(c) for c in table.columns],
        "metrics": [_metric(m) for m in MEASURES] if wide else [_ROWS],
        "uuid": identifier("dataset", table.name),
        "database_uuid": identifier("database", DATABASE),
        "version": VERSION,
    }


_ROWS = {"metric_name": "count", "verbose_name": "Rows", "expression": "COUNT(*)", "d3format": ",d"}


def _metric(measure: Any) -> dict[str, Any]:
    return {
        "metric_name": measure.name,
        "verbose_name": measure.title,
        "expression": measure.sql,
        "description": measure.description,
        "d3format": measure.number_format,
    }


def _column(column: PublishedColumn) -> dict[str, Any]:
    return {
        "column_name": column.name,
        "type": column.type,
        "is_dttm": column.type in _TIME,
        "groupby": True,
        "filterable": True,
        "description": column.description,
    }


def _objective(objective: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The dashboard of an objective and its charts."""
    indicators = [i for i in load_registry().values() if i.objective == objective]
    made = {name: _chart(name, body) for name, body in charts.of_objective(objective, indicators)}
    for name, body in made.items():
        yield f"charts/{name}.yaml", body
    yield f"dashboards/{objective}.yaml", _dashboard(objective, indicators[0], made)


def _chart(name: str, body: charts.Chart) -> dict[str, Any]:
    return {
        "slice_name": body.title,
        "description": body.description,
        "viz_type": body.params["viz_type"],
        "params": body.params,
        "query_context": None,
        "uuid": identifier("chart", name),
        "dataset_uuid": identifier("dataset", body.dataset),
        "version": VERSION,
    }


def _dashboard(objective: str, first: Indicator, made: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "dashboard_title": first.objective_title,
        "description": "Generated from the indicator registry.",
        "slug": f"bassetlaw-{objective.replace('_', '-')}",
        "published": True,
        "uuid": identifier("dashboard", objective),
        "position": charts.layout({n: (c["uuid"], c["slice_name"]) for n, c in made.items()}),
        "metadata": {"cross_filters_enabled": True, "refresh_frequency": 0},
        "version": VERSION,
    }


def _yaml(document: object) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
