"""The dbt project as parsed: once for all data homes, and never stale.

Parsing takes twenty seconds and says nothing about a data home but where the files of the sources lie. So it
is done with a placeholder for each such place, and kept in the project's own target folder, or in the home's
where that one cannot be written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.locks import locked
from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces, invoke

_PARTS = ("*.sql", "*.py", "*.yml", "*.csv")
_NOT_PROJECT = {"target", "logs", "dbt_packages"}
_PARSERS = ("dbt-core", "dbt-adapters", "dbt-duckdb")
_SOURCES = (
    "BASSETLAW_ACCEPTED",
    "BASSETLAW_LEDGER",
    "BASSETLAW_CURRENT_DELIVERY",
    "BASSETLAW_SUPPLY",
    "BASSETLAW_PUBLISHED_BEFORE",
)
_MANIFEST, _KEPT, _STAMP = "manifest.json", "partial_parse.msgpack", "parsed.sha256"


def read_manifest(places: DbtPlaces) -> Mapping[str, Any]:
    """The graph of the project as it is now, for Dagster; its sources lie at placeholders.

    Raises DbtFailed when the project cannot be parsed.
    """
    return json.loads((prepare(places) / _MANIFEST).read_text(encoding="utf-8"))


def manifest_of(places: DbtPlaces) -> Any:
    """dbt's own manifest object with the sources of this data home, to start dbt with. Raises DbtFailed."""
    kept = (prepare(places) / _KEPT).read_bytes()
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(kept)
    manifest.build_flat_graph()
    for source in manifest.sources.values():
        for meta in (source.meta, source.source_meta, source.config.meta):
            if "external_location" in meta:
                meta["external_location"] = _located(meta["external_location"], places)
    return manifest


def prepare(places: DbtPlaces) -> Path:
    """The folder of the parsed project; parses only when a project file has changed.

    Raises DbtFailed when the project cannot be parsed.
    """
    folder = _folder(places)
    with locked(folder / ".parsing"):  # web server and daemon load the code at the same moment
        stamp, wanted = folder / _STAMP, project_sha256(places)
        current = stamp.read_text() if stamp.exists() else ""
        if current != wanted or not all((folder / name).exists() for name in (_MANIFEST, _KEPT)):
            stamp.unlink(missing_ok=True)
            result = invoke(places, ["parse"], target=folder, environment=_placeholders())
            if not result.success:
                raise DbtFailed(f"dbt cannot read the project: {result.exception}")
            stamp.write_text(wanted)
    return folder


def project_sha256(places: DbtPlaces) -> str:
    """Hash of every project file, of where they lie, and of what reads them."""
    seen = [str(places.project), _placeholders(), [version(name) for name in _PARSERS]]
    digest = hashlib.sha256(json.dumps(seen, sort_keys=True).encode())
    for path in sorted(p for pattern in _PARTS for p in places.project.rglob(pattern)):
        relative = path.relative_to(places.project)
        if not _NOT_PROJECT & set(relative.parts):
            digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _placeholders() -> dict[str, str]:
    return {name: f"@{name}@" for name in _SOURCES}


def _located(location: str, places: DbtPlaces) -> str:
    """An external location with the places of a data home. dbt formats it, so braces are doubled."""
    environment = places.environment()
    for name, placeholder in _placeholders().items():
        path = environment[name].replace("'", "''").replace("{", "{{").replace("}", "}}")
        location = location.replace(placeholder, path)
    return location


def _folder(places: DbtPlaces) -> Path:
    shared = places.project / "target" / "parsed"
    try:
        shared.mkdir(parents=True, exist_ok=True)
        (shared / ".parsing").touch()
    except OSError:  # a read-only installation
        places.target.mkdir(parents=True, exist_ok=True)
        return places.target
    return shared
