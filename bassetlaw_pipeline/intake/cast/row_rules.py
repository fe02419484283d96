"""Rules over whole rows of one conformed batch: repeated rows, repeated keys, row rules.

Each step puts the rows it takes out into the table `bad (_d, _rid, code, column)` and returns findings with
the delivery's number.
"""

from __future__ import annotations

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import RowRule, Table
from bassetlaw_pipeline.intake.cast.columns import cell_name
from bassetlaw_pipeline.intake.model import FINDING_ROWS, Finding, Outcome

Found = list[tuple[int, Finding]]  # number of the delivery in the batch, finding

GOOD = "_rid NOT IN (SELECT _rid FROM bad)"
# What a rule sees: the rows of one delivery, whatever else is in the batch.
_RULE_ROWS = "(SELECT * FROM good_rows WHERE _d = _each._d)"


def quarantine_repeated_rows(con: duckdb.DuckDBPyConnection, table: Table) -> Found:
    """D11: rows equal in every source column; the first is kept.

    The caller calls this only when hashes repeat; here the cells are compared, by the numbers of their texts.
    """
    cells = ", ".join(cell_name(c.name) for c in table.columns)
    suspects = "SELECT _hash FROM conformed GROUP BY _hash HAVING count(*) > 1"
    repeated = f"""
        SELECT _rid FROM source JOIN conformed USING (_rid) WHERE _hash IN ({suspects}) AND conformed.{GOOD}
        QUALIFY row_number() OVER (PARTITION BY source._d, {cells} ORDER BY _rid) > 1"""
    return quarantine_rows(con, table, "ROW_DUPLICATE", repeated)


def quarantine_repeated_keys(con: duckdb.DuckDBPyConnection, table: Table) -> Found:
    """Different rows under one key: the first by position is kept, since nothing says which is right.

    A row that says nothing the other does not say is no rival of it, and goes as ROW_EMPTIER. Rows whose key
    is incomplete (an unusable NHS number in the key) are not compared.
    """
    keys = ", ".join(sql.name(k) for k in table.key)
    suspects = f"SELECT _key_hash FROM conformed WHERE {GOOD} GROUP BY _key_hash HAVING count(*) > 1"
    repeated = f"""
        SELECT _rid FROM conformed WHERE _key_hash IN ({suspects}) AND {GOOD}
        QUALIFY row_number() OVER (PARTITION BY _d, {keys} ORDER BY _rid) > 1"""
    emptier = quarantine_rows(con, table, "ROW_EMPTIER", _emptier(table, suspects))
    return emptier + quarantine_rows(con, table, "KEY_DUPLICATE", repeated)


def _emptier(table: Table, suspects: str) -> str:
    """SQL: rows all of whose values stand in another row of their key, which has more of them."""
    same = " AND ".join(f"less.{sql.name(k)} = more.{sql.name(k)}" for k in table.key)
    others = [sql.name(c.lands_as) for c in table.columns if c.lands_as and c.lands_as not in table.key]
    agree = [f"(less.{c} IS NULL OR less.{c} = more.{c})" for c in others]
    further = " OR ".join(f"(less.{c} IS NULL AND more.{c} IS NOT NULL)" for c in others) or "false"
    rows = f"(SELECT * FROM conformed WHERE _key_hash IN ({suspects}) AND {GOOD})"
    return f"""
        SELECT DISTINCT less._rid FROM {rows} AS less JOIN {rows} AS more
            ON less._d = more._d AND less._key_hash = more._key_hash AND {same}
        WHERE {" AND ".join([*agree, f"({further})"])}"""


def apply_row_rules(con: duckdb.DuckDBPyConnection, table: Table, deliveries: int) -> Found:
    """The contract's rules over several columns of a row, in the order they are declared."""
    return [found for rule in table.row_rules for found in _apply(con, table, rule, deliveries)]


def _apply(con: duckdb.DuckDBPyConnection, table: Table, rule: RowRule, deliveries: int) -> Found:
    query = rule.query.replace("{table}", _RULE_ROWS).strip().rstrip(";")
    each = f"(SELECT CAST(unnest(range({deliveries})) AS INTEGER) AS _d) AS _each"
    [[offending]] = con.execute(f"""CREATE OR REPLACE TEMP TABLE offending AS
        SELECT DISTINCT _each._d AS _d, _row_number FROM {each}, LATERAL ({query}) AS _rule""").fetchall()
    if not offending:
        return []
    rids = "SELECT _rid FROM conformed JOIN offending USING (_d, _row_number)"
    if rule.outcome == "quarantine":
        return quarantine_rows(con, table, rule.code, f"{rids} WHERE {GOOD}", rule.columns)
    if rule.outcome == "null":
        empty = ", ".join(f"{sql.name(c)} = NULL" for c in rule.columns)
        con.execute(f"UPDATE conformed SET {empty} WHERE _rid IN ({rids})")
    outcome: Outcome = "note" if rule.outcome == "note" else "warn"
    return _findings(con, table, rule.code, "offending", rule.columns, outcome)


def quarantine_rows(
    con: duckdb.DuckDBPyConnection, table: Table, code: str, rids: str, columns: tuple[str, ...] = ()
) -> Found:
    """Quarantine the rows a query selects by `_rid`, and say how many and which."""
    told = sql.text(", ".join(columns))
    con.execute(f"""CREATE OR REPLACE TEMP TABLE taken AS
        SELECT _d, _rid, _row_number FROM conformed WHERE _rid IN ({rids})""")
    con.execute(f"INSERT INTO bad SELECT _d, _rid, {sql.text(code)}, {told} FROM taken")
    return _findings(con, table, code, "taken", columns, "quarantine")


def _findings(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    code: str,
    relation: str,
    columns: tuple[str, ...],
    outcome: Outcome,
) -> Found:
    counted = con.execute(
        f"SELECT _d, count(*), min(_row_number, {FINDING_ROWS}) FROM {relation} GROUP BY _d ORDER BY _d"
    ).fetchall()
    column = ", ".join(columns) or None
    return [
        (
            delivery,
            Finding(code=code, count=n, outcome=outcome, table=table.name, column=column, rows=tuple(first)),
        )
        for delivery, n, first in counted
    ]
