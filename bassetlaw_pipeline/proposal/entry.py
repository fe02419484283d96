"""A layout entry, and its place in the text of a contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.model import Layout, Table
from bassetlaw_pipeline.intake.read.header import fold
from bassetlaw_pipeline.proposal.pairing import Pairing
from bassetlaw_pipeline.proposal.sheets import Place

_SIGNATURE = 3  # headers that identify the row when none of the old ones are left
_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")


def build(found: Pairing, place: Place) -> Layout:
    """The layout that would take the table, for any period."""
    base, renamed = found.base, {pair.column: pair.header for pair in found.pairs}
    there = {*found.kept, *renamed}
    absent = [name for name in base.absent if name not in there] + found.absent
    change = {
        "id": "proposed",
        "valid_from": None,
        "valid_to": None,
        "sheet": _sheet(base, place),
        "header_rows": place.header_rows,
        "signature": _signature(found, renamed),
        "headers": {n: t for n, t in (base.headers | renamed).items() if n not in absent},
        "ignored": (*base.ignored, *found.ignored),
        "fill_down": tuple(name for name in base.fill_down if name not in absent),
        "absent": tuple(absent),
    }
    return base.model_copy(update=change)


def _sheet(base: Layout, place: Place) -> str | None:
    name = place.sheet.name
    if name is None or (base.sheet and re.fullmatch(base.sheet, name.strip(), re.IGNORECASE)):
        return base.sheet
    return _SPECIAL.sub(r"\\\1", name.strip())


def _signature(found: Pairing, renamed: dict[str, str]) -> tuple[str, ...]:
    """The old signature under its new names."""
    seen = {fold(text) for text in found.grid.header}
    new = {fold(pair.was): pair.header for pair in found.pairs}
    texts = [new.get(fold(text), text) for text in found.base.signature]
    kept = tuple(text for text in texts if fold(text) in seen)
    named = [*(found.text(p) for p in found.kept.values()), *renamed.values()]
    return kept if len(kept) > 1 or not found.base.signature else tuple(named[:_SIGNATURE])


def dated(layout: Layout, base: Layout, table: Table, periods: Sequence[date]) -> Layout:
    """The same layout for the periods from the file's first on, named after it."""
    taken = {known.id for known in table.layouts}
    first = min(periods) if periods else None
    name = f"{first:%b%y}".lower() if first else "form"
    free = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 99))) if n not in taken)
    end = base.valid_to
    if first and base.valid_from and first < base.valid_from:
        end = max(periods)  # older than what is known: nothing is said about the time between
    elif first and end and first > end:
        end = None
    return layout.model_copy(update={"id": free, "valid_from": first, "valid_to": end})


def as_yaml(layout: Layout) -> str:
    """The entry on one line, as the contracts have it."""
    said = layout.model_dump(exclude_defaults=True)
    ordered = {key: _plain(said[key]) for key in Layout.model_fields if key in said}
    return yaml.dump(
        ordered, Dumper=_Dumper, default_flow_style=True, sort_keys=False, width=1_000_000, allow_unicode=True
    ).strip()


class _Dumper(yaml.SafeDumper):
    """Writes equal dates twice rather than as an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return list(value) if isinstance(value, tuple) else value


def insert(text: str, table: str, entry: str) -> str:
    """The text of a contract with one more layout of a table; everything else stays as it is."""
    schema = next(
        node for node in _get(yaml_text.compose(text), "schema").value if _said(node, "name") == table
    )
    custom = _get(schema, "customProperties")
    layouts = custom and next((n for n in custom.value if _said(n, "property") == "layouts"), None)
    if layouts is None:
        return _with_property(text, schema, custom, entry)
    listed = _get(layouts, "value")
    if listed.flow_style:
        at = listed.end_mark.index - 1
        return f"{text[:at]}{', ' if listed.value else ''}{entry}{text[at:]}"
    return _after(text, listed.value[-1], f"{' ' * listed.start_mark.column}- {entry}")


def _with_property(text: str, schema: Any, custom: Any, entry: str) -> str:
    """A table without layouts has one that states nothing; it stays beside the new one."""
    stated = f"{{property: layouts, value: [{{}}, {entry}]}}"
    if custom is not None and not custom.flow_style:
        return _after(text, custom.value[-1], f"{' ' * custom.start_mark.column}- {stated}")
    indent = " " * schema.start_mark.column
    return _after(text, _get(schema, "name"), f"{indent}customProperties:\n{indent}  - {stated}")


def _after(text: str, node: Any, line: str) -> str:
    """The text with a line below a node, which may end with blank lines."""
    end = node.end_mark.index
    end = len(text[:end].rstrip())
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    return f"{text[:stop]}\n{line}{text[stop:]}"


def _get(mapping: Any, key: str) -> Any:
    return next((value for name, value in mapping.value if name.value == key), None)


def _said(mapping: Any, key: str) -> str | None:
    found = _get(mapping, key)
    return found.value if found is not None else None
