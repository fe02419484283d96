"""Rules that say something about one delivery as a whole, as one number per delivery.

A share, a row count or a sum over several deliveries says nothing about each of them, and a validation
per delivery costs a tenth of a second. So DuckDB computes the rule's measure for every delivery at once,
and Great Expectations checks the window on the table of measures.

Rules without a measure here are evaluated delivery by delivery (validate.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Expectation

Kwargs = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """`sql` is an aggregate over one delivery's rows; NULL passes. Bounds are inclusive."""

    sql: str
    minimum: float | None = None
    maximum: float | None = None
    unexpected: str = "NULL"  # aggregate: how many values miss the rule, where that is a count


def measure(rule: Expectation) -> Measure | None:
    """The measure of a rule, or None when it has none here."""
    build, understood = _MEASURES.get(rule.type, (None, set()))
    return build(rule.kwargs) if build and set(rule.kwargs) <= understood else None


def _window(kwargs: Kwargs, aggregate: str) -> Measure:
    return Measure(aggregate, kwargs.get("min_value"), kwargs.get("max_value"))


def _rows(kwargs: Kwargs) -> Measure:
    return _window(kwargs, "count(*)")


def _equal_rows(kwargs: Kwargs) -> Measure:
    return Measure("count(*)", kwargs["value"], kwargs["value"])


def _aggregate(template: str) -> Callable[[Kwargs], Measure]:
    return lambda kwargs: _window(kwargs, template.format(sql.name(kwargs["column"])))


def _share(kwargs: Kwargs, good: str, of: str) -> Measure:
    """`mostly`: the share of the values looked at that keep the rule."""
    misses = f"count(*) FILTER (WHERE {of} AND NOT ({good}))"
    looked_at = f"nullif(count(*) FILTER (WHERE {of}), 0)"
    return Measure(f"1 - {misses} / {looked_at}", kwargs.get("mostly", 1.0), None, misses)


def _not_null(kwargs: Kwargs) -> Measure:
    return _share(kwargs, f"{sql.name(kwargs['column'])} IS NOT NULL", "true")


def _in_set(kwargs: Kwargs) -> Measure:
    column = sql.name(kwargs["column"])
    return _share(kwargs, f"{column} IN ({_literals(kwargs['value_set'])})", f"{column} IS NOT NULL")


def _between(kwargs: Kwargs) -> Measure:
    column = sql.name(kwargs["column"])
    tests = [f"{column} >= {_literal(kwargs['min_value'])}"] if kwargs.get("min_value") is not None else []
    tests += [f"{column} <= {_literal(kwargs['max_value'])}"] if kwargs.get("max_value") is not None else []
    return _share(kwargs, " AND ".join(tests) or "true", f"{column} IS NOT NULL")


def _unique(kwargs: Kwargs) -> Measure:
    """Every occurrence of a repeated value misses the rule, as Great Expectations counts it."""
    column = sql.name(kwargs["column"])
    seen = f"histogram(hash({column})) FILTER (WHERE {column} IS NOT NULL)"
    misses = f"coalesce(list_sum(list_filter(map_values({seen}), lambda n: n > 1)), 0)"
    return Measure(f"1 - {misses} / nullif(count({column}), 0)", kwargs.get("mostly", 1.0), None, misses)


def _contain_set(kwargs: Kwargs) -> Measure:
    column, wanted = sql.name(kwargs["column"]), kwargs["value_set"]
    found = f"count(DISTINCT {column}) FILTER (WHERE {column} IN ({_literals(wanted)}))"
    return Measure(found, len(set(wanted)), None)


def _equal_set(kwargs: Kwargs) -> Measure:
    column, wanted = sql.name(kwargs["column"]), kwargs["value_set"]
    foreign = f"count(DISTINCT {column}) FILTER (WHERE {column} NOT IN ({_literals(wanted)}))"
    return Measure(f"{_contain_set(kwargs).sql} - {foreign}", len(set(wanted)), None)


def _literals(values: Any) -> str:
    return ", ".join(_literal(v) for v in values)


def _literal(value: Any) -> str:
    return sql.text(str(value)) if not isinstance(value, (int, float)) else repr(value)


_WINDOW = {"min_value", "max_value"}
# Type -> (how to measure it, the arguments understood); a rule with another argument has no measure.
_MEASURES: dict[str, tuple[Callable[[Kwargs], Measure], set[str]]] = {
    "expect_table_row_count_to_be_between": (_rows, _WINDOW),
    "expect_table_row_count_to_equal": (_equal_rows, {"value"}),
    "expect_column_values_to_not_be_null": (_not_null, {"column", "mostly"}),
    "expect_column_values_to_be_in_set": (_in_set, {"column", "mostly", "value_set"}),
    "expect_column_values_to_be_between": (_between, {"column", "mostly", *_WINDOW}),
    "expect_column_values_to_be_unique": (_unique, {"column", "mostly"}),
    "expect_column_distinct_values_to_contain_set": (_contain_set, {"column", "value_set"}),
    "expect_column_distinct_values_to_equal_set": (_equal_set, {"column", "value_set"}),
    "expect_column_unique_value_count_to_be_between": (
        _aggregate("count(DISTINCT {})"),
        {"column", *_WINDOW},
    ),
    "expect_column_sum_to_be_between": (_aggregate("sum({})"), {"column", *_WINDOW}),
    "expect_column_mean_to_be_between": (_aggregate("avg({})"), {"column", *_WINDOW}),
}
