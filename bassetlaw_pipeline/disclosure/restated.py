"""Which corrections the gate holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from bassetlaw_pipeline.disclosure.difference import HELD, held

_SCHEMA = pa.schema(
    [
        ("value_key", pa.string()),
        *((f"{part}_held", pa.bool_()) for part in ("numerator", "denominator", "complement")),
        ("held_reason", pa.string()),
    ]
)


def held_values(restated: pa.Table) -> pa.Table:
    """One row per value to be held, with the counts because of which it is, beside whichever release."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in restated.sort_by("value_key").to_pylist():
        found[row["value_key"]].update(_held(row))
    rows = [
        {"value_key": key, "held_reason": HELD, **{f"{part}_held": part in parts for part in _parts()}}
        for key, parts in found.items()
        if parts
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _held(row: Mapping[str, Any]) -> list[str]:
    """Counts of one value that would give people away."""
    old, new = (
        {what: row[f"{side}_{what}"] for what in ("status", "numerator", "denominator")}
        for side in ("old", "new")
    )
    return held(old, new, row["policy"], _parts(row["method"], row["denominator_is_count"]))


def _parts(method: str = "proportion", denominator_is_count: bool = True) -> list[str]:
    """Counts of people in a value; of a share also those it does not count."""
    share = ["complement"] if method == "proportion" else []
    return ["numerator", *(["denominator", *share] if denominator_is_count else [])]
