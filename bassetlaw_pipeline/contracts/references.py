"""Lists of codes that reference feeds deliver: the typed form of expectations/references.yml."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.shape import Strict
from bassetlaw_pipeline.settings import REFERENCES_FILE


class CodeList(Strict):
    """The column of a feed that holds codes, and the dates between which each is valid."""

    extract: str
    table: str
    column: str
    opened: str | None = None
    closed: str | None = None
    since: date | None = None


class Reference(Strict):
    """One list of codes, from one feed or several."""

    title: str
    lists: tuple[CodeList, ...]
    also: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def load_references(path: Path = REFERENCES_FILE) -> dict[str, Reference]:
    """All lists by name. Raises pydantic.ValidationError when an entry is malformed."""
    entries = yaml_text.load(path.read_text(encoding="utf-8"))["references"]
    return {name: Reference(**entry) for name, entry in entries.items()}
