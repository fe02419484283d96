"""Read contract files (Open Data Contract Standard v3.1) into the typed model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.contracts.check import ContractError, check_contracts
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.settings import CONTRACTS_DIR, PARTNERS, REASONS_FILE, TYPES_FILE

__all__ = ["ContractError", "Shared", "load_contract", "load_contracts", "load_shared"]

# ODCS property option -> our column field.
_LOGICAL_OPTIONS = {"pattern": "pattern", "minimum": "minimum", "maximum": "maximum"}
_SHARED_SQL = re.compile(
    r"{(?P<name>\w+)(?:\((?P<arguments>[^{}]*)\))?}"
)  # `{name}` or `{name(one; another)}`


@dataclass(frozen=True)
class Shared:
    """What several contracts share: column types and pieces of SQL, by name."""

    types: dict[str, dict[str, Any]]
    sql: dict[str, str] = field(default_factory=dict)


def load_shared(path: Path = TYPES_FILE) -> Shared:
    """The shared types file."""
    return Shared(**yaml_text.load(path.read_text(encoding="utf-8")))


@lru_cache(maxsize=8)
def load_contracts(
    folder: Path = CONTRACTS_DIR, types_file: Path = TYPES_FILE, reasons_file: Path = REASONS_FILE
) -> dict[str, Contract]:
    """All contracts of a folder by id, sorted by partner and id.

    Raises ContractError when a file is not valid ODCS, repeats an id, or names a type, partner, reason
    code or column that does not exist.
    """
    shared = load_shared(types_file)
    contracts = [load_contract(path, shared) for path in sorted(folder.glob("*.odcs.yaml"))]
    reasons = yaml_text.load(reasons_file.read_text(encoding="utf-8"))["reasons"]
    check_contracts(contracts, frozenset(reasons))
    return {c.id: c for c in sorted(contracts, key=lambda c: (PARTNERS.index(c.partner), c.id))}


def load_contract(path: Path, shared: Shared | None = None) -> Contract:
    """One contract file as a `Contract`. Raises ContractError naming the file."""
    shared = shared or load_shared()
    try:
        odcs = OpenDataContractStandard.model_validate(yaml_text.load(path.read_text(encoding="utf-8")))
        contract = Contract(**_contract_fields(odcs, shared))
    except (ValidationError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: {error}") from error
    expected = f"{contract.partner}__{contract.id}.odcs.yaml"
    if path.name != expected:
        raise ContractError(f"{path.name}: expected {expected}")
    return contract


def _contract_fields(odcs: OpenDataContractStandard, shared: Shared) -> dict[str, Any]:
    custom = _custom(odcs)
    description = odcs.description
    return {
        "id": odcs.id,
        "partner": odcs.domain,
        "title": odcs.name,
        "version": odcs.version,
        "status": odcs.status or "active",
        "purpose": description.purpose,
        "usage": description.usage or "",
        "limitations": description.limitations or "",
        "owner": odcs.team.name,  # type: ignore[union-attr]  # a list in editions we do not write
        "tables": tuple(_table(schema, shared) for schema in odcs.schema_),
        **custom,
    }


def _table(schema: SchemaObject, shared: Shared) -> Table:
    quality = schema.quality or []
    stated: dict[str, Any] = {
        "name": schema.name,
        "title": schema.businessName or "",
        "description": schema.description or "",
        "grain": schema.dataGranularityDescription or "",
        "columns": tuple(_column(prop, shared.types) for prop in schema.properties),
        "row_rules": tuple(_row_rule(q, shared.sql) for q in quality if q.type == "sql"),
        "expectations": tuple(_expectation(q) for q in quality if q.engine == "greatExpectations"),
    }
    return Table(**stated, **_custom(schema))


def _column(prop: SchemaProperty, types: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Fields of one column: the shared type first, then what this contract states differently."""
    custom = _custom(prop)
    semantic = custom.get("semantic_type")
    if semantic is not None and semantic not in types:
        raise KeyError(f"column {prop.name}: unknown semanticType {semantic!r}")
    stated = {
        "name": prop.name,
        "source_name": prop.physicalName or prop.name,
        "description": prop.description,
        "standard": prop.businessName,
        "logical_type": prop.logicalType,
        "required": prop.required,
        "key": prop.primaryKey,
        "classification": prop.classification,
        **{ours: (prop.logicalTypeOptions or {}).get(odcs) for odcs, ours in _LOGICAL_OPTIONS.items()},
    }
    fields = {**types.get(semantic, {}), **{k: v for k, v in stated.items() if v is not None}, **custom}
    return fields | {
        # A key cannot be missing, so nobody has to write `required` twice.
        "required": bool(fields.get("required") or fields.get("key")),
        "code_map": _spellings(fields.get("codes")) | fields.get("code_map", {}),
    }


def _spellings(codes: dict[str, str] | None) -> dict[str, str]:
    """Codes with letters are accepted in any case."""
    return {code.lower(): code for code in codes or {} if code != code.upper() or code != code.lower()}


def _row_rule(quality: Any, sql: dict[str, str]) -> dict[str, Any]:
    """A row rule; shared pieces of SQL are put in, `{table}` stays for whoever runs it."""
    query = _SHARED_SQL.sub(lambda found: _shared_sql(found, sql), quality.query)
    return {"code": quality.name, "query": query, "description": quality.description or ""} | _custom(quality)


def _shared_sql(found: re.Match[str], sql: dict[str, str]) -> str:
    """A shared piece with its arguments, which a semicolon parts; anything else stays as it is."""
    arguments = [text.strip() for text in (found["arguments"] or "").split(";")]
    return sql[found["name"]].format(*arguments) if found["name"] in sql else found.group()


def _expectation(quality: Any) -> dict[str, Any]:
    rule = quality.implementation
    return {
        "code": quality.name,
        "description": quality.description,
        "severity": quality.severity or "critical",
        "type": rule["type"],
        "kwargs": rule.get("kwargs", {}),
    }


def _custom(element: Any) -> dict[str, Any]:
    """ODCS customProperties as a plain dictionary, camelCase turned to snake_case."""
    pairs = {p.property: p.value for p in element.customProperties or []}
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in key): v for key, v in pairs.items()}
