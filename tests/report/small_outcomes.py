"""A published file of a few invented rows, with whatever a test wants in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline.publication.comparison.restatement import COLUMNS as LEDGER
from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables
from bassetlaw_pipeline.publication.outputs.export import _DIM_RELEASE

Row = dict[str, Any]
MONTHS = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(14)]
RELEASE = {
    "release_id": "20190401-0123456789ab",
    "data_version": "1.0.0",
    "previous_release": None,
    "as_of": datetime(2019, 4, 1),
    "is_synthetic": True,
    "code_version": "0.1.0",
    "code_sha256": "0" * 64,
    "licence": "Invented.",
}
INDICATOR = {
    "indicator_id": "waits",
    "title": "Seen in time",
    "value_title": "Seen in time",
    "objective": "improve_outcomes",
    "objective_title": "Improving health",
    "workstream": "Home first (a part); frailty",
    "plan_wording": "Be quick",
    "definition": "Patients seen in time.",
    "unit": "%",
    "short_unit": "%",
    "method": "proportion",
    "direction": "up",
    "headline": "value",
    "headline_period": "month",
    "headline_direction": "up",
    "display_order": 1,
}
AREAS = [
    {"area_code": "D", "area_name": "Bassetlaw", "area_type": "district"},
    {"area_code": "W1", "area_name": "Harworth & Bircotes", "area_type": "ward", "parent_code": "D"},
    {"area_code": "W2", "area_name": "Everton", "area_type": "ward", "parent_code": "D"},
    {"area_code": "P1", "area_name": "Newgate PCN", "area_type": "pcn", "parent_code": "D"},
]


def periods() -> list[Row]:
    """The months."""
    ends = [(m.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) for m in MONTHS]
    return [
        {
            "period_id": f"{m:%Y-%m}",
            "period_type": "month",
            "period_start": m,
            "period_end": end,
            "label": f"{m:%B %Y}",
        }
        for m, end in zip(MONTHS, ends, strict=True)
    ]


def figure(area: str, month: int, value: float | None, status: str = "shown", **changes: Any) -> Row:
    """A figure; a status that hides it does not make the value go."""
    return {
        "indicator_id": "waits",
        "area_code": area,
        "period_id": f"{MONTHS[month]:%Y-%m}",
        "sex": "persons",
        "age_band": "all",
        "value_status": status,
        "value": value,
        "value_text": None if value is None else f"{value:.1f}%",
        "ci95_lower": value and value - 1,
        "ci95_upper": value and value + 1,
        "provisional": False,
        "is_complete": True,
        "compared": "not_compared",
    } | changes


def card(**changes: Any) -> Row:
    """The row of the scorecard."""
    return {
        "indicator_id": "waits",
        "objective": "improve_outcomes",
        "objective_title": "Improving health",
        "title": "Seen in time",
        "area_code": "D",
        "area_name": "Bassetlaw",
        "period_id": "2019-02",
        "period_label": "February 2019",
        "value_status": "shown",
        "value": 61.5,
        "value_text": "61.5%",
        "unit": "%",
        "direction": "up",
        "verdict": "better",
        "verdict_basis": "control_chart",
        "verdict_reason": "It rose",
        "variation": "improvement",
        "special_cause": "Above UCL",
        "assurance": "none",
        "narrative": "Seen in time: 61.5% in February 2019. It rose.",
        "provisional": False,
        "is_complete": True,
        "compared": "not_compared",
    } | changes


def tables() -> dict[str, list[Row]]:
    """Rows of a small release, by table."""
    return {
        "dim_release": [RELEASE],
        "dim_indicator": [INDICATOR],
        "dim_area": AREAS,
        "dim_period": periods(),
        "scorecard": [card()],
        "fct_indicator_value": [
            *(figure("D", n, 48.5 + n) for n in range(14)),
            *(figure(area, 13, value) for area, value in (("W1", 52.5), ("P1", 57.5))),
            figure("W2", 13, None, "suppressed_primary", status_reason="too few people"),
        ],
    }


def outcomes(path: Path, rows: dict[str, list[Row]] | None = None) -> Path:
    """Write the file; tables without rows are there and empty."""
    declared = {t.name: {c.name: c.type for c in t.columns} for t in declared_tables()}
    for name, made in (("dim_release", _DIM_RELEASE), ("fct_restatement", LEDGER)):
        declared[name] = {column: kind for column, (kind, _) in made.items()}
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        for name, columns in declared.items():
            con.execute(f"create table {name} ({', '.join(f'{c} {kind}' for c, kind in columns.items())})")
        for name, found in (rows or tables()).items():
            _insert(con, name, found)
    return path


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        marks = ", ".join("?" for _ in row)
        con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
