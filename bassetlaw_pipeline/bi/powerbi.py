"""Files for Power BI: a connection (.pbids) and a project (PBIP) with the semantic model in TMDL.

The report has one empty page per objective: charts are for those who know what they want to show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bassetlaw_pipeline.bi import tmdl
from bassetlaw_pipeline.bi.connection import DATABASE, PORT, SERVER
from bassetlaw_pipeline.indicators.registry import OBJECTIVES, load_registry

NAME = "Outcomes"
_SCHEMAS = "https://developer.microsoft.com/json-schemas/fabric"
_REPORT = f"{_SCHEMAS}/item/report"


def outputs(folder: Path) -> dict[Path, str]:
    """Every file and its text, in `folder`."""
    model, report = folder / f"{NAME}.SemanticModel", folder / f"{NAME}.Report"
    written = {folder / path: body for path, body in _entrances().items()}
    written |= {model / path: body for path, body in _model_papers().items()}
    written |= {report / path: body for path, body in _report()}
    texts = {path: json.dumps(body, indent=2, ensure_ascii=False) + "\n" for path, body in written.items()}
    return texts | {model / "definition" / path: text for path, text in tmdl.files().items()}


def _entrances() -> dict[str, Any]:
    place = {"server": f"{SERVER}:{PORT}", "database": DATABASE}
    connection = {"details": {"protocol": "postgresql", "address": place}, "options": {}, "mode": "Import"}
    return {
        f"{NAME.lower()}.pbids": {"version": "0.1", "connections": [connection]},
        f"{NAME}.pbip": {
            "$schema": f"{_SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json",
            "version": "1.0",
            "artifacts": [{"report": {"path": f"{NAME}.Report"}}],
            "settings": {"enableAutoRecovery": True},
        },
    }


def _platform(kind: str) -> dict[str, Any]:
    return {
        "$schema": f"{_SCHEMAS}/gitIntegration/platformProperties/2.0.0/schema.json",
        "metadata": {"type": kind, "displayName": NAME},
        "config": {"version": "2.0", "logicalId": str(uuid5(NAMESPACE_URL, f"{tmdl.BASE}/{kind}"))},
    }


def _model_papers() -> dict[str, Any]:
    schema = f"{_SCHEMAS}/item/semanticModel/definitionProperties/1.0.0/schema.json"
    return {
        ".platform": _platform("SemanticModel"),
        "definition.pbism": {"$schema": schema, "version": "4.0", "settings": {}},
    }


def _report() -> Iterator[tuple[str, Any]]:
    yield ".platform", _platform("Report")
    yield (
        "definition.pbir",
        {
            "$schema": f"{_REPORT}/definitionProperties/2.0.0/schema.json",
            "version": "4.0",
            "datasetReference": {"byPath": {"path": f"../{NAME}.SemanticModel"}},
        },
    )
    version = {"$schema": f"{_REPORT}/definition/versionMetadata/1.0.0/schema.json", "version": "2.0.0"}
    yield "definition/version.json", version
    report = {"$schema": f"{_REPORT}/definition/report/1.0.0/schema.json", "themeCollection": {}}
    yield "definition/report.json", report | {"layoutOptimization": "None"}
    schema = f"{_REPORT}/definition/pagesMetadata/1.0.0/schema.json"
    pages = {"$schema": schema, "pageOrder": list(OBJECTIVES), "activePageName": OBJECTIVES[0]}
    yield "definition/pages/pages.json", pages
    titles: dict[str, str] = {i.objective: i.objective_title for i in load_registry().values()}
    for objective in OBJECTIVES:
        yield f"definition/pages/{objective}/page.json", _page(objective, titles[objective])


def _page(name: str, title: str) -> dict[str, Any]:
    schema = f"{_REPORT}/definition/page/1.0.0/schema.json"
    size = {"displayOption": "FitToPage", "height": 720, "width": 1280}
    return {"$schema": schema, "name": name, "displayName": title, **size}
