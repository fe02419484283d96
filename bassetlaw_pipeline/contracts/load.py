"""Read contract files (Open Data Contract Standard v3.1) into the typed model.

Belongs here: YAML -> `Contract`, resolving `semanticType` against expectations/types.yml, and the
rules that hold across files. Does not belong here: anything derived from contracts.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.settings import CONTRACTS_DIR, PARTNERS, TYPES_FILE

# ODCS property option -> our column field.
_LOGICAL_OPTIONS = {"pattern": "pattern", "minimum": "minimum", "maximum": "maximum"}


class ContractError(ValueError):
    """A contract file breaks the standard or a rule of ours; the message names file and field."""


def load_types(path: Path = TYPES_FILE) -> dict[str, dict[str, Any]]:
    """Shared column types by name."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))["types"]


@lru_cache(maxsize=8)
def load_contracts(folder: Path = CONTRACTS_DIR, types_file: Path = TYPES_FILE) -> dict[str, Contract]:
    """All contracts of a folder by id, sorted by partner and id.

    Raises ContractError when a file is not valid ODCS, names an unknown type, partner or reason,
    or repeats an id.
    """
    types = load_types(types_file)
    contracts = [load_contract(path, types) for path in sorted(folder.glob("*.odcs.yaml"))]
    _check_across(contracts)
    return {c.id: c for c in sorted(contracts, key=lambda c: (PARTNERS.index(c.partner), c.id))}


def load_contract(path: Path, types: dict[str, dict[str, Any]] | None = None) -> Contract:
    """One contract file as a `Contract`. Raises ContractError naming the file."""
    types = load_types() if types is None else types
    try:
        odcs = OpenDataContractStandard.from_file(str(path))
        contract = Contract(**_contract_fields(odcs, types))
    except (ValidationError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: {error}") from error
    if path.name != f"{contract.partner}__{contract.id}.odcs.yaml":
        raise ContractError(f"{path.name}: expected {contract.partner}__{contract.id}.odcs.yaml")
    return contract


def _contract_fields(odcs: OpenDataContractStandard, types: dict[str, Any]) -> dict[str, Any]:
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
        "owner": odcs.team.name,
        "tables": tuple(_table(schema, types) for schema in odcs.schema_),
        **custom,
    }


def _table(schema: SchemaObject, types: dict[str, Any]) -> Table:
    quality = schema.quality or []
    return Table(
        name=schema.name,
        title=schema.businessName or "",
        description=schema.description or "",
        grain=schema.dataGranularityDescription or "",
        columns=tuple(_column(prop, types) for prop in schema.properties),
        row_rules=tuple(_row_rule(q) for q in quality if q.type == "sql"),
        expectations=tuple(_expectation(q) for q in quality if q.engine == "greatExpectations"),
        **_custom(schema),
    )


def _column(prop: SchemaProperty, types: dict[str, Any]) -> dict[str, Any]:
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
    # A key cannot be missing, so nobody has to write `required` twice.
    return fields | {"required": bool(fields.get("required") or fields.get("key"))}


def _row_rule(quality: Any) -> dict[str, Any]:
    return {"code": quality.name, "query": quality.query, "description": quality.description or ""} | _custom(
        quality
    )


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


def _check_across(contracts: list[Contract]) -> None:
    seen: dict[str, Contract] = {}
    for contract in contracts:
        if contract.partner not in PARTNERS:
            raise ContractError(f"{contract.id}: unknown partner {contract.partner!r}")
        if contract.id in seen:
            raise ContractError(f"{contract.id}: declared twice")
        seen[contract.id] = contract
        _check_inside(contract)


def _check_inside(contract: Contract) -> None:
    for table in contract.tables:
        landed = set(table.landed)
        missing = [c for c in contract.resubmission.by if table is contract.main and c not in landed]
        if missing:
            raise ContractError(f"{contract.id}: resubmission by unknown column {missing}")
        names = [c.name for c in table.columns]
        repeated = {n for n in names if names.count(n) > 1}
        if repeated:
            raise ContractError(f"{contract.id}.{table.name}: columns declared twice: {sorted(repeated)}")
