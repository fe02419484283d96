"""The wards as tiles, each where the ward roughly lies.

The figures stand in the table beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bassetlaw_pipeline import yaml_text

Row = dict[str, Any]
COLUMNS = 6
SIGNS = {"better": "▲", "worse": "▼", "similar": "=", "not_compared": "·"}
WITHOUT = "×"


@cache
def _places() -> dict[str, tuple[int, int, str]]:
    declared = yaml_text.load((Path(__file__).with_name("ward_tiles.yml")).read_text(encoding="utf-8"))
    return {code: (row, column, short) for code, (row, column, short) in declared.items()}


def with_tiles(rows: Sequence[Row]) -> list[Row]:
    """Rows of wards with `row`, `column`, `tile` (its short name) and `sign`, in reading order."""
    bottom = max((row for row, _, _ in _places().values()), default=0) + 1
    others = [r["area_code"] for r in rows if r["area_code"] not in _places()]
    found = []
    for r in rows:
        if r["area_code"] in _places():
            row, column, short = _places()[r["area_code"]]
        else:
            number = others.index(r["area_code"])
            row, column, short = bottom + number // COLUMNS, 1 + number % COLUMNS, r["area_name"][:4]
        sign = SIGNS[r.get("against") or "not_compared"] if r["value"] is not None else WITHOUT
        found.append(r | {"row": row, "column": column, "tile": short, "sign": sign})
    return sorted(found, key=lambda r: (r["row"], r["column"]))
