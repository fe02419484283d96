"""Frictionless metadata beside the CSV files: `datapackage.json` with types, meanings, keys and licence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.publication.outputs.dictionary import PublishedColumn, PublishedTable

FILE = "datapackage.json"
_TYPES = {
    "VARCHAR": {"type": "string"},
    "DATE": {"type": "date"},
    "TIMESTAMP": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
    "BIGINT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "DOUBLE": {"type": "number"},
    "BOOLEAN": {"type": "boolean"},
}
_OGL = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def write_datapackage(folder: Path, tables: Iterable[PublishedTable], release: Mapping[str, Any]) -> None:
    """Write `<folder>/datapackage.json` for the CSV files in `folder`; `release` names the release."""
    text = json.dumps(package(tables, release), indent=2, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def package(tables: Iterable[PublishedTable], release: Mapping[str, Any]) -> dict[str, Any]:
    """The descriptor: one resource per table."""
    return {
        "profile": "tabular-data-package",
        "name": "bassetlaw-outcomes",
        "id": release["release_id"],
        "title": "Bassetlaw outcomes",
        "description": "Published figures of the Bassetlaw Integrated Care Partnership. An empty value is a "
        "figure that is not shown; its row says why.",
        "version": release["data_version"],
        "licenses": [_OGL],
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: PublishedTable) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _schema(table: PublishedTable) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(c) for c in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {"fields": c.name, "reference": {"resource": c.refers_to, "fields": c.name}}
        for c in table.columns
        if c.refers_to
    ]
    return schema | ({"foreignKeys": references} if references else {})


def _field(column: PublishedColumn) -> dict[str, Any]:
    required = {"constraints": {"required": True}} if column.is_key else {}
    return {"name": column.name, **_TYPES[column.type], "description": column.description, **required}
