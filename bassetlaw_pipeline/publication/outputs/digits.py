"""The guard at the door: no number leaves with more digits than dbt_project/precision.yml declares for it."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.disclosure.precision import Precision, load_precision

Columns = Iterable[tuple[str, str, str]]  # name, type, description
_OF_OTHERS = "two_decimals"  # figures of indicators that are not in the registry
_OF_ANOTHER = "comparator"  # columns with the figure of another row, perhaps one that is shown as published
_AS_PUBLISHED = "published"  # the method of a figure that is shown as somebody else published it


class TooManyDigits(ValueError):
    """A number is told more precisely than declared; the message names table and column, never the number."""


def refuse_digits(con: duckdb.DuckDBPyConnection, table: str, name: str, columns: Columns) -> None:
    """Check every DOUBLE column of `table` (as the connection knows it; `name` in the declaration).

    Raises TooManyDigits when a column has no declared precision or a number does not keep it.
    """
    columns = list(columns)
    doubles = [column for column, kind, _ in columns if kind == "DOUBLE"]
    precision = load_precision()
    undeclared = [c for c in doubles if precision.of_column(name, c) is None]
    if undeclared:
        raise TooManyDigits(
            f"{name}: no precision declared for {', '.join(undeclared)}; add it to dbt_project/precision.yml"
        )
    if not doubles:
        return
    names = {column for column, _, _ in columns}
    counts = ", ".join(f'count(*) filter ({_breaks(precision, name, c, names)}) as "{c}"' for c in doubles)
    found = con.execute(f"select {counts} from {table}").fetchone() or ()
    broken = [f"{column} ({n} of its numbers)" for column, n in zip(doubles, found, strict=True) if n]
    if broken:
        raise TooManyDigits(
            f"{name}: more digits than dbt_project/precision.yml declares: {', '.join(broken)}; "
            "round them where they are made"
        )


def _breaks(precision: Precision, table: str, column: str, names: set[str]) -> str:
    """SQL: does the number of this column not keep its rule?"""
    declared = precision.of_column(table, column) or ""
    if declared in precision.rules:
        return _differs(precision, column, declared)
    if "indicator_id" not in names:
        raise TooManyDigits(f"{table}.{column}: a {declared} needs the indicator beside it")
    events = "numerator" if {"numerator", "method"} <= names else "NULL"
    cases = " ".join(
        f"when indicator_id in ({sql.texts(ids)}) then {_differs(precision, column, rule, events)}"
        for rule, ids in _indicators(precision, declared).items()
    )
    as_published = _differs(precision, column, precision.rule_name(declared, _AS_PUBLISHED))
    of_others = _differs(precision, column, _OF_OTHERS)
    of_method = f"(case {cases} else {of_others} end)"
    if "method" in names and not column.startswith(_OF_ANOTHER):
        return f"(case method when '{_AS_PUBLISHED}' then {as_published} else {of_method} end)"
    return f"({of_method} and {as_published})"


def _differs(precision: Precision, column: str, rule: str, events: str = "NULL") -> str:
    rounded = precision.rules[rule].sql(f'"{column}"', events)
    return f'("{column}" is not null and abs("{column}" - {rounded}) > 1e-9 * greatest(1, abs("{column}")))'


def _indicators(precision: Precision, kind: str) -> dict[str, list[str]]:
    """Rule -> the indicators whose numbers of this kind keep it."""
    from bassetlaw_pipeline.indicators.registry import load_registry

    found: dict[str, list[str]] = {}
    for indicator in load_registry().values():
        found.setdefault(precision.rule_name(kind, indicator.method, indicator.precision), []).append(
            indicator.id
        )
    return found
