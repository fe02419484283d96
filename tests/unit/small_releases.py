"""Hand-made warehouses and deliveries, small enough that a publication takes a fraction of a second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication import release as release_module
from bassetlaw_pipeline.publication.release import Release, publish

Figure = tuple[str, str, str, int | None, int | None]  # area, period, status, numerator, denominator
AS_OF = datetime(2021, 4, 1, tzinfo=UTC)
_TABLES = """
    create schema outcomes;
    create table outcomes.dim_indicator (indicator_id varchar, title varchar, unit varchar,
        source_extracts varchar, display_order integer, headline varchar, headline_period varchar);
    insert into outcomes.dim_indicator values ('waits', 'Waits', '%', 'visits', 1, 'value', 'month');
    create table outcomes.dim_area (area_code varchar, area_type varchar, parent_code varchar);
    create table outcomes.dim_period as
        select strftime(m, '%Y-%m') as period_id, strftime(m, '%B %Y') as label, m::date as period_start,
            (m + interval 1 month - interval 1 day)::date as period_end
        from range(date '2019-01-01', date '2021-01-01', interval 1 month) t(m);
    create table outcomes.fct_delivery (extract varchar, sha256 varchar, first_month date, last_month date,
        verdict varchar);
    create table outcomes.fct_indicator_value (indicator_id varchar, area_code varchar, period_id varchar,
        sex varchar, age_band varchar, value_status varchar, method varchar, policy varchar,
        provisional boolean, numerator double, denominator double, value double, status_reason varchar);
    create table outcomes.scorecard (indicator_id varchar, area_code varchar, period_id varchar);
    insert into outcomes.scorecard values ('waits', 'D', '2020-01');
"""


def warehouse(
    path: Path,
    figures: Iterable[Figure],
    months: Sequence[tuple[str, str]] = (),
    areas: Sequence[tuple[str, str, str]] = (("D", "district", ""), ("W1", "ward", "D")),
    policy: str = "hes2018",
) -> Path:
    """A warehouse with one indicator; `months` are deliveries as (content, month YYYY-MM)."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute(_TABLES)
        con.executemany("insert into outcomes.dim_area values (?, ?, ?)", list(areas))
        for sha256, month in months:
            first = date.fromisoformat(f"{month}-01")
            con.execute(
                "insert into outcomes.fct_delivery values ('visits', ?, ?, ?, 'accepted')",
                [sha256, first, first],
            )
        for area, period, status, numerator, denominator in figures:
            value = round(100 * numerator / denominator, 2) if numerator is not None and denominator else None
            con.execute(
                "insert into outcomes.fct_indicator_value values "
                "('waits', ?, ?, 'persons', 'all', ?, 'proportion', ?, false, ?, ?, ?, null)",
                [area, period, status, policy, numerator, denominator, value],
            )
    return path


def receipt(content: str, month: str, received: datetime = AS_OF) -> Receipt:
    """An accepted delivery of one month."""
    return Receipt(
        delivery_id=f"{received:%Y%m%dT%H%M%SZ}-{content}",
        partner="hospital",
        extract="visits",
        file_name=f"visits_{month}.csv",
        sha256=content,
        bytes=1,
        received_at=received,
        contract_version="1.0.0",
        verdict="accepted",
        periods=[date.fromisoformat(f"{month}-01")],
    )


def release(settings, source: Path, months: Sequence[tuple[str, str]] = (), **options) -> Release:
    """Publish a warehouse made from these deliveries."""
    receipts = [receipt(content, month) for content, month in months]
    options = {"as_of": AS_OF, "checks": []} | options
    return publish(settings, warehouse=source, receipts=receipts, **options)


def without_report(monkeypatch) -> None:
    """The page needs every mart; these warehouses have a few."""
    monkeypatch.setattr(release_module, "write_report", lambda source, folder: folder.mkdir())


def ledger(outcomes: Path, columns: str) -> list[tuple]:
    """Rows of fct_restatement in a fixed order."""
    with duckdb.connect(str(outcomes), read_only=True) as con:
        return con.execute(f"select {columns} from fct_restatement order by all").fetchall()
