"""The SQL that counts an indicator, and the accepted tables it reads, found in the dbt project's own text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR

_REF = re.compile(r"ref\('(\w+)'\)")
_ROWS = re.compile(r"current_rows\(\s*'(\w+)'(?:\s*,\s*table\s*=\s*'(\w+)')?")
_CALL = re.compile(r"{{-?\s*(\w+)\(")


@dataclass(frozen=True)
class CountsModel:
    """The model of an indicator.

    tables       (extract, table or '' for the main one) it reads, through however many models
    counts_rows  it counts rows, rather than adding up amounts that stand in them
    """

    path: str
    sql: str
    tables: frozenset[tuple[str, str]]
    counts_rows: bool


def counts_model(indicator: str, method: str) -> CountsModel:
    """The model of an indicator; for one taken as published, where published figures come together."""
    name = "int_official_value" if method == "published" else f"ind_{indicator}"
    path = _models().get(name)
    if path is None:
        return CountsModel("", "", frozenset(), False)
    own = _with_macros(name)
    return CountsModel(
        path.relative_to(PROJECT_DIR).as_posix(),
        path.read_text(encoding="utf-8"),
        frozenset(_tables(name, set())),
        bool(re.search(r"\bcount\(", own)),
    )


@cache
def _models() -> dict[str, Path]:
    return {path.stem: path for path in DBT_DIR.glob("models/**/*.sql")}


@cache
def _macros() -> dict[str, str]:
    """Macros that stand for a part of a query, by name."""
    found: dict[str, str] = {}
    for path in DBT_DIR.glob("macros/**/*.sql"):
        text = path.read_text(encoding="utf-8")
        found |= dict.fromkeys(re.findall(r"{%-? macro (\w+)", text), text) if "ref(" in text else {}
    return found


@cache
def _with_macros(name: str) -> str:
    """Text of a model and of the macros it is made of; empty for a seed."""
    path = _models().get(name)
    text = path.read_text(encoding="utf-8") if path else ""
    return text + "".join(_macros().get(call, "") for call in set(_CALL.findall(text)))


def _tables(name: str, seen: set[str]) -> set[tuple[str, str]]:
    if name in seen:
        return set()
    seen.add(name)
    text = _with_macros(name)
    below = (table for ref in _REF.findall(text) for table in _tables(ref, seen))
    return set(_ROWS.findall(text)) | set(below)
