"""The current view takes exactly the rows of the deliveries that count, for every contract and table."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sql_models

from bassetlaw_pipeline.contracts.derive_dbt import source_name
from bassetlaw_pipeline.contracts.derive_stub import landed_schema
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.store.current import Candidate, current

CONTRACTS = load_contracts()
MAY, JUNE = date(2019, 5, 1), date(2019, 6, 1)
OTHER = {"VARCHAR": ("a", "O'Brien | b", None), "BIGINT": (1, 2, None), "INTEGER": (1, 2, None)}
# Delivery: rows by (period, which of the values above). In June the second is held, and the third takes over.
SENT = {
    "d1": {(MAY, 0): 4, (MAY, 1): 3, (JUNE, 0): 9, (JUNE, 1): 9, (JUNE, 2): 6},
    "d2": {(JUNE, 0): 1, (JUNE, 1): 1, (JUNE, 2): 1},
    "d3": {(JUNE, 0): 8, (JUNE, 1): 7, (JUNE, 2): 5},
}


@pytest.mark.parametrize("extract", [c.id for c in CONTRACTS.values() if c.resubmission.mode != "upsert"])
def test_rows_of_the_view_are_those_decided_before(extract, tmp_path):
    contract, con = CONTRACTS[extract], duckdb.connect()
    deliveries = [_deliver(contract, name, day, tmp_path) for day, name in enumerate(SENT, start=1)]
    decided = current(contract, deliveries)
    con.register("decided", decided)
    con.execute("CREATE TABLE pipeline_current_delivery AS FROM decided")
    for table in contract.tables:
        files = [str(d.files[table.name]) for d in deliveries]
        name = f"{contract.partner}_{source_name(contract, table)}"
        con.execute(f"CREATE TABLE {name} AS FROM read_parquet({files})")
        rows = sql_models.render(f"{{{{ rows_as_sent('{extract}', '{table.name}') }}}}")
        found = dict(con.execute(f"SELECT _delivery_id, count(*) FROM ({rows}) GROUP BY 1").fetchall())
        expected: dict[str, int] = {}
        for row in decided.to_pylist():
            if row["state"] == "current" and row["table_name"] == table.name:
                expected[row["delivery_id"]] = expected.get(row["delivery_id"], 0) + row["row_count"]
        assert found == expected != {}


def _deliver(contract, name: str, day: int, folder) -> Candidate:
    by = [c for c in contract.resubmission.by if c != "_period_start"]
    lands = ""
    if contract.period.source == "column":
        lands = contract.main.by_name[contract.period.column].lands_as
    files = {}
    for table in contract.tables:
        lines = [
            {"_delivery_id": name, "_period_start": start}
            | {column: OTHER[table.landed[column]][which] for column in by}
            | ({lands: _as(table.landed[lands], start)} if lands in table.landed and lands not in by else {})
            for (start, which), n in SENT[name].items()
            for _ in range(n)
        ]
        files[table.name] = folder / f"{table.name}-{name}.parquet"
        pq.write_table(pa.Table.from_pylist(lines, schema=landed_schema(table)), files[table.name])
    window = frozenset(start for start, _ in SENT[name]) if contract.resubmission.mode == "period" else None
    return Candidate(name, (0, datetime(2020, 1, day), name), files, window)


def _as(kind: str, day: date):
    return {"VARCHAR": f"{day:%Y-%m}", "BIGINT": day.year, "INTEGER": day.year, "DATE": day}.get(
        kind, datetime(day.year, day.month, 1)
    )
