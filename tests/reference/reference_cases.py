"""Reference cases as read from a directory: <DIR>/<function>/{input.csv,params.json,expected.csv}.

Knows the file layout and how cells are written; knows nothing of any method.
"""

import csv
import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DEFAULT = Path(__file__).parents[2].parent / "shared" / "data" / "vectors" / "open"
Row = dict[str, str | None]


@dataclass(frozen=True)
class Case:
    """One call of a function: its arguments, its rows (cell text; NA is None) and what came back."""

    function: str
    name: str
    args: dict
    group_by: list[str]
    quirk: bool
    expects_error: bool
    rows: list[Row]
    expected: list[Row]
    summary: list[Row] = field(default_factory=list)

    @property
    def levels(self) -> dict[str, float]:
        """Confidence levels by the suffix of their columns ('' for a single level)."""
        given = self.args.get("confidence", 0.95)
        if given == "NA":
            return {}
        if not isinstance(given, list):
            return {"": given}
        return {f"{round(c if c >= 90 else c * 100, 1):.1f}".replace(".", "_"): c for c in given}

    def columns(self) -> list[str]:
        """Columns that carry data in this case."""
        return list(self.rows[0])


def directory() -> Path:
    """Where the vectors are: $REFERENCE_VECTORS, else beside the project."""
    return Path(os.environ.get("REFERENCE_VECTORS", DEFAULT))


@cache
def functions() -> list[str]:
    """Names of the functions that have vectors, sorted."""
    found = sorted(path.parent.name for path in directory().glob("*/params.json"))
    if not found and "REFERENCE_VECTORS" in os.environ:
        raise FileNotFoundError(f"REFERENCE_VECTORS: no <function>/params.json under {directory()}")
    return found


@cache
def load(function: str) -> list[Case]:
    """All cases of one function, in the order of params.json."""
    folder = directory() / function
    rows, expected, summary = (
        _by_case(folder / name) for name in ("input.csv", "expected.csv", "expected_summary.csv")
    )
    cases = json.loads((folder / "params.json").read_text("utf-8"))["cases"]
    return [
        Case(
            function,
            name,
            entry.get("args", {}),
            entry.get("group_by", []),
            "quirk" in entry,
            entry.get("expect") == "error",
            rows[name],
            expected[name],
            summary[name],
        )
        for name, entry in cases.items()
    ]


def _by_case(path: Path) -> dict[str, list[Row]]:
    blocks: dict[str, list[Row]] = defaultdict(list)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                blocks[row.pop("case_id")].append(row)
    return defaultdict(list, {name: _only_used_columns(block) for name, block in blocks.items()})


def _only_used_columns(block: list[Row]) -> list[Row]:
    """An empty cell means that the column is no part of the case."""
    used = [name for name in block[0] if any(row[name] != "" for row in block)]
    return [{name: None if row[name] in ("NA", "") else row[name] for name in used} for row in block]
