"""Suites over deliveries and over marts.

A rule on a whole delivery is checked on a table with one measure per delivery (per_delivery.py). A rule on
single rows that holds for all deliveries together holds for each. Only where that fails, or where neither
applies, is a smaller set looked at: halves first, single deliveries in the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bassetlaw_pipeline import sql, yaml_text
from bassetlaw_pipeline.contracts.model import Expectation
from bassetlaw_pipeline.quality.gx import Engine, Outcome, RuleBroken, engine
from bassetlaw_pipeline.quality.per_delivery import Measure, measure
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import MART_SUITES_DIR

__all__ = ["RuleBroken", "validate", "validate_marts"]

DELIVERY = "_delivery_id"
MEASURES = "_measures"
_ROW_RULES = re.compile(
    r"expect_column_values_to_.*|expect_column_pair_values_.*|expect_multicolumn_values_.*"
    r"|expect_column_distinct_values_to_be_in_set|expect_column_to_exist"
)
_UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
# A query with any of these may hold for a whole and not for its parts.
_NOT_ROW_WISE = re.compile(
    r"\b(group|having|limit|over|distinct|exists|not\s+in|except|sum|count|avg|min|max)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Plan:
    """How one rule is asked: `together` on several deliveries (None: never), `alone` on one."""

    rule: Expectation
    relation: str
    together: Expectation | None
    alone: Expectation


def validate(
    database: Path, table: str, expectations: Sequence[Expectation], deliveries: Sequence[str]
) -> dict[str, list[CheckResult]]:
    """Check every delivery in `table` of a scratch DuckDB file: results by delivery id, counts only.

    `table` has a column `_delivery_id`; a delivery without rows is checked too. The file gets a further
    table of measures. Raises RuleBroken when a rule cannot be evaluated at all.
    """
    if not expectations or not deliveries:
        return {delivery: [] for delivery in deliveries}
    measures = [_measure_of(rule) for rule in expectations]
    facts = _write_measures(database, table, measures, deliveries)
    plans = [
        _plan(table, rule, found, i)
        for i, (rule, found) in enumerate(zip(expectations, measures, strict=True))
    ]
    failed: dict[tuple[int, str], Outcome] = {}
    with engine(database) as gx:
        failed |= _measured_failures(gx, {i: p for i, p in enumerate(plans) if p.relation == MEASURES})
        by_rows = {i: p for i, p in enumerate(plans) if p.relation != MEASURES}
        failed |= _failures(gx, by_rows, list(deliveries), whole=True)
    return {
        d: [_result(plan.rule, i, facts[d], failed.get((i, d))) for i, plan in enumerate(plans)]
        for d in deliveries
    }


def _is_row_rule(rule: Expectation) -> bool:
    """True when a rule that holds for a set of rows holds for every part of it."""
    if rule.type == "unexpected_rows_expectation":
        return not _NOT_ROW_WISE.search(rule.kwargs["unexpected_rows_query"])
    row_wise = _ROW_RULES.fullmatch(rule.type) or rule.type in _UNIQUE
    return bool(row_wise) and "mostly" not in rule.kwargs


def _measure_of(rule: Expectation) -> Measure | None:
    return None if _is_row_rule(rule) else measure(rule)


def _plan(table: str, rule: Expectation, found: Measure | None, index: int) -> Plan:
    if found is not None:
        window = {"column": f"m{index}", "min_value": found.minimum, "max_value": found.maximum}
        asked = rule.model_copy(
            update={
                "type": "expect_column_values_to_be_between",
                "kwargs": {k: v for k, v in window.items() if v is not None},
            }
        )
        return Plan(rule, MEASURES, None, asked)
    return Plan(rule, table, _together(rule) if _is_row_rule(rule) else None, rule)


def _together(rule: Expectation) -> Expectation:
    """Unique in each delivery is unique together with the delivery's id."""
    if rule.type not in _UNIQUE:
        return rule
    columns = rule.kwargs.get("column_list") or [rule.kwargs["column"]]
    missing = "any_value_is_missing" if "column" in rule.kwargs else "all_values_are_missing"
    kwargs = {"column_list": [*columns, DELIVERY], "ignore_row_if": missing}
    return rule.model_copy(update={"type": "expect_compound_columns_to_be_unique", "kwargs": kwargs})


def _measured_failures(gx: Engine, plans: dict[int, Plan]) -> dict[tuple[int, str], Outcome]:
    """(rule, delivery) of which the measure lies outside the rule's window."""
    if not plans:
        return {}
    found = gx.failing(f"SELECT * FROM {MEASURES}", [p.alone for p in plans.values()], DELIVERY)
    return {(i, d): Outcome(False) for i, failing in zip(plans, found, strict=True) for d in failing}


def _failures(
    gx: Engine, plans: dict[int, Plan], deliveries: list[str], *, whole: bool = False
) -> dict[tuple[int, str], Outcome]:
    """(rule, delivery) that fail, found by halving."""
    if not plans or not deliveries:
        return {}
    alone = len(deliveries) == 1
    asked = {i: p.alone if alone else p.together for i, p in plans.items()}
    rules = {i: rule for i, rule in asked.items() if rule is not None}
    relation = next(iter(plans.values())).relation
    query = f"SELECT * FROM {sql.name(relation)}"
    if not whole or alone:
        query += f" WHERE {DELIVERY} IN ({sql.texts(deliveries)})"
    outcomes = dict(zip(rules, gx.evaluate(query, list(rules.values())), strict=True)) if rules else {}
    if alone:
        return {(i, deliveries[0]): o for i, o in outcomes.items() if not o.success}
    open_ = {i: p for i, p in plans.items() if i not in outcomes or not outcomes[i].success}
    middle = len(deliveries) // 2
    return _failures(gx, open_, deliveries[:middle]) | _failures(gx, open_, deliveries[middle:])


@dataclass(frozen=True)
class _Facts:
    """Rows of a delivery, and for measured rules the number of values that miss them."""

    rows: int
    unexpected: tuple[int | None, ...]


def _write_measures(
    database: Path, table: str, measures: Sequence[Measure | None], deliveries: Sequence[str]
) -> dict[str, _Facts]:
    measured = [(i, m) for i, m in enumerate(measures) if m]
    own = "".join(
        f", CAST({m.sql} AS DOUBLE) AS m{i}, CAST({m.unexpected} AS BIGINT) AS u{i}" for i, m in measured
    )
    ids = ", ".join(f"({sql.text(d)})" for d in deliveries)
    counts = "".join(f", u{i}" if m else f", NULL AS u{i}" for i, m in enumerate(measures))
    rows_too = "".join(f"coalesce(m{i}, 0) AS m{i}, " for i, m in measured if m.sql == "count(*)")
    with duckdb.connect(str(database)) as con:
        con.execute(f"""CREATE OR REPLACE TABLE {MEASURES} AS
            WITH measured AS (
                SELECT {DELIVERY}, count(*) AS n{own} FROM {sql.name(table)} GROUP BY {DELIVERY})
            SELECT * REPLACE ({rows_too}coalesce(n, 0) AS n)
            FROM (VALUES {ids}) AS asked ({DELIVERY}) LEFT JOIN measured USING ({DELIVERY})""")
        found = con.execute(f"SELECT {DELIVERY}, n{counts} FROM {MEASURES}").fetchall()
    return {delivery: _Facts(rows, tuple(unexpected)) for delivery, rows, *unexpected in found}


def _result(rule: Expectation, index: int, facts: _Facts, failed: Outcome | None) -> CheckResult:
    unexpected = facts.unexpected[index]
    if unexpected is None and failed is not None:
        unexpected = failed.unexpected
    return CheckResult(
        code=rule.code,
        type=rule.type,
        column=_column(rule),
        severity=rule.severity,
        success=failed is None,
        evaluated=facts.rows,
        unexpected=unexpected if unexpected is not None or failed else 0,
        description=rule.description,
    )


def _column(rule: Expectation) -> str | None:
    columns = rule.kwargs.get("column_list") or [
        rule.kwargs[k] for k in ("column", "column_A", "column_B") if k in rule.kwargs
    ]
    return ", ".join(columns) or None


def validate_marts(database: Path, suites_dir: Path = MART_SUITES_DIR) -> dict[str, list[CheckResult]]:
    """Check the marts of a built warehouse: results by table. Raises RuleBroken.

    Each `<name>.yml` has `table` (with its schema) and `expectations` of type, kwargs, severity, code
    and description.
    """
    suites = [yaml_text.load(path.read_text(encoding="utf-8")) for path in sorted(suites_dir.glob("*.yml"))]
    results: dict[str, list[CheckResult]] = {}
    if not suites:
        return results
    with engine(database) as gx:
        for suite in suites:
            rules = [Expectation(**rule) for rule in suite["expectations"]]
            query = f"SELECT * FROM {suite['table']}"
            outcomes = gx.evaluate(query, rules)
            results.setdefault(suite["table"], []).extend(map(_mart_result, rules, outcomes))
    return results


def _mart_result(rule: Expectation, outcome: Outcome) -> CheckResult:
    return CheckResult(
        code=rule.code,
        type=rule.type,
        column=_column(rule),
        severity=rule.severity,
        success=outcome.success,
        evaluated=outcome.evaluated,
        unexpected=outcome.unexpected,
        description=rule.description,
    )
