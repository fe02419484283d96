"""The SQL of row rules, tried on empty tables: a misspelt column shows before any file arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from bassetlaw_pipeline.contracts.check import ContractError
from bassetlaw_pipeline.contracts.model import Contract, RowRule, Table


def check_rules(contracts: Iterable[Contract]) -> None:
    """Raise ContractError naming every rule whose query does not fit its table."""
    with duckdb.connect() as con:
        faults = [fault for contract in contracts for fault in _faults(con, contract)]
    if faults:
        raise ContractError("\n".join(faults))


def _faults(con: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[str]:
    for table in contract.tables:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.landed.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE landed ({columns})")
        for rule in table.row_rules:
            yield from _fault(con, contract, table, rule)


def _fault(con: duckdb.DuckDBPyConnection, contract: Contract, table: Table, rule: RowRule) -> Iterator[str]:
    query = rule.query.replace("{table}", "landed")
    try:
        con.execute(f"SELECT _row_number FROM ({query})")
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        yield f"{contract.id}.{table.name}: rule {rule.code}: {first_line}"
