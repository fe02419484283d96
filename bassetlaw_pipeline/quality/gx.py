"""The one place that talks to Great Expectations: a table, some rules, and counts back.

No value of any row leaves this module: unexpected values are excluded from results, and nothing but success,
counts and the ids of deliveries is taken out of them.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.contracts.model import Expectation

RESULT_FORMAT = {
    "result_format": "SUMMARY",
    "exclude_unexpected_values": True,
    "partial_unexpected_count": 0,
}

_ALL = 1_000_000  # Great Expectations lists nothing when told to list no values


class RuleBroken(ValueError):
    """A rule itself cannot be evaluated: an unknown type, a column that does not exist."""


@dataclass(frozen=True)
class Outcome:
    """What one rule says about one table."""

    success: bool
    evaluated: int | None = None
    unexpected: int | None = None


class Engine:
    """A DuckDB file opened for reading by Great Expectations."""

    def __init__(self, source: Any, expectation_suite: Any) -> None:
        self._source = source
        self._suite = expectation_suite
        self._batches: dict[str, Any] = {}

    def evaluate(self, query: str, rules: Sequence[Expectation]) -> list[Outcome]:
        """Evaluate rules on the rows of a query, in the order given. Raises RuleBroken."""
        found = self._results(query, rules, RESULT_FORMAT)
        return [_outcome(result, rule) for result, rule in zip(found, rules, strict=True)]

    def failing(self, query: str, rules: Sequence[Expectation], column: str) -> list[set[str]]:
        """For each rule on single rows, what `column` holds where it is not kept.

        Raises RuleBroken, also when a rule is not kept and nothing says where: that is no pass.
        """
        told = RESULT_FORMAT | {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [column],
            "partial_unexpected_count": _ALL,
        }
        found = self._results(query, rules, told)
        return [_where(result, rule, column) for result, rule in zip(found, rules, strict=True)]

    def _results(self, query: str, rules: Sequence[Expectation], told: Mapping[str, Any]) -> list[Any]:
        configs = [{"type": r.type, "kwargs": dict(r.kwargs), "meta": {"at": i}} for i, r in enumerate(rules)]
        try:
            suite = self._suite(name="rules", expectations=configs)
        except Exception as error:
            # Such a message speaks of the rule's own arguments, never of rows.
            raise RuleBroken(f"{rules[0].code}: {error}") from None
        result = self._batch(query).validate(suite, result_format=dict(told))
        found = {r.expectation_config.meta["at"]: r for r in result.results}
        unknown = [rule.type for i, rule in enumerate(rules) if i not in found]
        if unknown:
            raise RuleBroken(f"{rules[0].code}: there is no rule {', '.join(unknown)}")
        return [found[i] for i in range(len(rules))]

    def _batch(self, query: str) -> Any:
        if query not in self._batches:
            asset = self._source.add_query_asset(f"q{len(self._batches)}", query=query)
            self._batches[query] = asset.add_batch_definition_whole_table("all").get_batch()
        return self._batches[query]


@contextmanager
def engine(database: Path) -> Iterator[Engine]:
    """Open a DuckDB file for reading; closed, with everything that holds it, at the end."""
    gx = load()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_sql(
        name="duckdb",
        connection_string=f"duckdb+autocommit:///{database}",
        kwargs={"connect_args": {"read_only": True}},
    )
    try:
        yield Engine(source, gx.ExpectationSuite)
    finally:
        source.get_engine().dispose()
        source.get_execution_engine().close()


def load() -> Any:
    """Great Expectations takes seconds to import; its telemetry and chatter are switched off first."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    warnings.filterwarnings("ignore", module=r"great_expectations|duckdb_engine|marshmallow")
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return gx


def _outcome(found: Any, rule: Expectation) -> Outcome:
    if _raised(found.exception_info or {}):
        column = rule.kwargs.get("column") or rule.kwargs.get("column_list") or ""
        raise RuleBroken(f"{rule.code}: {rule.type} {column} cannot be evaluated") from None
    result: Mapping[str, Any] = found.result or {}
    return Outcome(bool(found.success), result.get("element_count"), result.get("unexpected_count"))


def _where(found: Any, rule: Expectation, column: str) -> set[str]:
    listed = (found.result or {}).get("unexpected_index_list") or ()
    ids = {one for rows in listed for one in rows[column]}
    if not ids and not _outcome(found, rule).success:
        raise RuleBroken(f"{rule.code}: {rule.type} is not kept, and nothing says by which {column}")
    return ids


def _raised(info: Mapping[str, Any]) -> bool:
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(isinstance(v, Mapping) and v.get("raised_exception") for v in info.values())
