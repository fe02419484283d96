"""The corrections register: what is known to be wrong in what a partner sent, and what is done about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS, Column, Contract, Table
from bassetlaw_pipeline.settings import CORRECTIONS_DIR

Value = bool | int | float | datetime | date | str | None
# Lineage columns that say which delivery or period is meant; the others say nothing a person would know.
_LOCATES = ("_delivery_id", "_period_start", "_row_number")
_KEYS = ("person_key", "row_key")


class RegisterError(ValueError):
    """An entry of the register breaks a rule; the message names the file and the entry."""


class Strict(BaseModel):
    """Immutable, and a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(Strict):
    """The guard: how many rows the locator must find, and what the wrong cells must still say.

    One of them at least. When the partner has put the error right, the guard no longer holds.
    """

    rows: int | None = Field(default=None, ge=1)
    values: dict[str, Value] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Expect:
        if self.rows is None and not self.values:
            raise ValueError("expect: state rows, values or both")
        return self


class Correction(Strict):
    """One known error.

    locator    landed column -> value, or list of values; all must hold
    drop       the rows do not count
    override   `set` says column -> value
    scale      the number in `column` times `factor`; a whole number is rounded
    flag       the rows stay as they are, and the error is published with the figures
    fixed_on   when the delivery that puts it right was received; builds as known before still correct
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")
    extract: str
    table: str = ""
    locator: dict[str, Value | tuple[Value, ...]] = Field(min_length=1)
    action: Literal["drop", "override", "scale", "flag"]
    set: dict[str, Value] = Field(default_factory=dict)
    column: str = ""
    factor: float | None = None
    reason: str = Field(min_length=10)
    reported_to: str
    reported_on: date
    status: Literal["open", "fixed_by_partner", "withdrawn"] = "open"
    fixed_on: date | None = None
    expect: Expect

    @field_validator("reason", "reported_to")
    @classmethod
    def _holds_no_number(cls, text: str) -> str:
        """Text that is published; a run of ten digits is an NHS number for all we know."""
        if re.search(r"\d(?:[ -]?\d){9}", text):
            raise ValueError("a number of ten digits does not belong here")
        return " ".join(text.split())

    @model_validator(mode="after")
    def _consistent(self) -> Correction:
        broken = {
            "override, and nothing else, has `set`": (self.action == "override") != bool(self.set),
            "scale, and nothing else, has `column` and `factor`": (
                (self.action == "scale") != bool(self.column)
                or (self.action == "scale") != (self.factor is not None)
            ),
            "fixed_by_partner, and nothing else, has `fixed_on`": (
                (self.status == "fixed_by_partner") != (self.fixed_on is not None)
            ),
        }
        for rule, is_broken in broken.items():
            if is_broken:
                raise ValueError(rule)
        return self

    @property
    def compared(self) -> dict[str, list[Value]]:
        """Every value the entry states, by column."""
        located = {k: list(v) if isinstance(v, tuple) else [v] for k, v in self.locator.items()}
        for column, value in [*self.expect.values.items(), *self.set.items()]:
            located.setdefault(column, []).append(value)
        return located


def load_register(contracts: Mapping[str, Contract], folder: Path = CORRECTIONS_DIR) -> list[Correction]:
    """Every entry, ordered by file name and then as written.

    Raises RegisterError naming file and entry when one is malformed, names what its contract does not
    have, or would state an identifying value; and when an id is used twice.
    """
    found = [c for path in sorted(folder.glob("*.yml")) for c in _read(path, contracts)]
    twice = [name for name, n in Counter(c.id for c in found).items() if n > 1]
    if twice:
        raise RegisterError(f"corrections declared twice: {', '.join(twice)}")
    return found


def _read(path: Path, contracts: Mapping[str, Contract]) -> list[Correction]:
    try:
        entries = yaml_text.load(path.read_text(encoding="utf-8"))["corrections"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise RegisterError(f"{path.name}: no list `corrections`: {type(error).__name__}") from error
    return [_entry(path, entry, contracts) for entry in entries]


def _entry(path: Path, entry: Any, contracts: Mapping[str, Contract]) -> Correction:
    name = f"{path.name}: {entry.get('id', 'an entry without id') if isinstance(entry, dict) else 'an entry'}"
    try:
        correction = Correction.model_validate(entry)
    except ValidationError as error:
        # Place and complaint only: the value may be one that should not have been written down.
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}".strip() for e in error.errors())
        raise RegisterError(f"{name}: {wrong}") from None
    problems = list(_problems(correction, contracts))
    if problems:
        raise RegisterError(f"{name}: {'; '.join(problems)}")
    return correction


def table_of(correction: Correction, contract: Contract) -> Table | None:
    """The table the entry is about: the one it names, or the main one."""
    if not correction.table:
        return contract.main
    return next((t for t in contract.tables if t.name == correction.table), None)


def _problems(correction: Correction, contracts: Mapping[str, Contract]) -> Iterator[str]:
    contract = contracts.get(correction.extract)
    table = table_of(correction, contract) if contract else None
    if contract is None or table is None:
        yield f"no table {correction.table!r} of extract {correction.extract!r}"
        return
    dated = {"_delivery_id", "_period_start", contract.period.column, table.dated_by}
    if not dated & set(correction.locator):
        yield "the locator names no delivery (_delivery_id) and no period (_period_start)"
    own = {c.lands_as: c for c in table.columns if c.lands_as}
    for column, values in correction.compared.items():
        yield from _value_problems(column, values, own)
    yield from _change_problems(correction, table, own)


def _value_problems(column: str, values: list[Value], own: Mapping[str, Column]) -> Iterator[str]:
    """Columns that are not there or identify somebody, and values that do not fit."""
    if column in _LOCATES:
        kind = LINEAGE_COLUMNS[column]
    elif column not in own:
        yield f"there is no column {column}"
        return
    elif _identifies(own[column]):
        yield f"{column} identifies people: name the row by delivery, row number or key"
        return
    else:
        kind = own[column].landed_type
    if not all(fits(value, kind) for value in values):
        yield f"a value of {column} is not a {kind}"


def _identifies(column: Column) -> bool:
    if column.transform and column.transform.kind in _KEYS:
        return False  # a pseudonym
    return column.classification in ("direct", "indirect")


def _change_problems(c: Correction, table: Table, own: Mapping[str, Column]) -> Iterator[str]:
    for name, value in c.set.items():
        column = own.get(name)
        if name in table.key or column is None:
            yield f"{name} is a key or says where a row comes from, and cannot be set"
        elif column.codes and value is not None and str(value) not in column.codes:
            yield f"{name}: the value is none of its codes"
    if c.column and (c.column not in own or own[c.column].landed_type not in ("BIGINT", "INTEGER", "DOUBLE")):
        yield f"{c.column} is not a number and cannot be scaled"


def fits(value: Value, kind: str) -> bool:
    """Whether a value of the register can stand in a column of this DuckDB type."""
    wanted: dict[str, type | tuple[type, ...]] = {
        "BIGINT": int,
        "INTEGER": int,
        "DOUBLE": (int, float),
        "DATE": date,
        "TIMESTAMP": datetime,
        "BOOLEAN": bool,
        "VARCHAR": str,
        "TIME": str,
    }
    if value is None:
        return True
    return isinstance(value, wanted[kind]) and (isinstance(value, bool) == (kind == "BOOLEAN"))
