"""The export is complete and steady; where Superset is installed it imports it and answers every chart.

Set SUPERSET_PYTHON to the interpreter of an environment with apache-superset and duckdb-engine
(docs/bi.md); the import then takes about a minute.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
import yaml
from small_published import VALUES, publish_small

from bassetlaw_pipeline.bi import superset
from bassetlaw_pipeline.indicators.registry import OBJECTIVES
from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables

SESSION = Path(__file__).with_name("superset_session.py")


@pytest.fixture(scope="module")
def export() -> dict[str, dict]:
    return {p.as_posix(): yaml.safe_load(t) for p, t in superset.outputs(Path("export")).items()}


def part(export, kind: str) -> list[dict]:
    return [body for path, body in export.items() if path.startswith(f"export/{kind}/")]


def test_every_reference_between_the_files_is_met(export):
    databases = {d["uuid"] for d in part(export, "databases")}
    datasets = {d["uuid"]: d for d in part(export, "datasets")}
    charts = {c["uuid"]: c for c in part(export, "charts")}
    assert {d["database_uuid"] for d in datasets.values()} == databases
    assert {c["dataset_uuid"] for c in charts.values()} <= set(datasets)
    placed = [
        box["meta"]["uuid"]
        for board in part(export, "dashboards")
        for box in board["position"].values()
        if isinstance(box, dict) and box["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(charts) and len({UUID(u) for u in placed}) == len(placed)
    assert len(part(export, "dashboards")) == len(OBJECTIVES)


def test_charts_name_columns_and_measures_of_their_dataset(export):
    datasets = {d["uuid"]: d for d in part(export, "datasets")}
    for chart in part(export, "charts"):
        dataset, params = datasets[chart["dataset_uuid"]], chart["params"]
        columns = {c["column_name"] for c in dataset["columns"]}
        named = {f["subject"] for f in params["adhoc_filters"]} | set(params.get("groupby", ()))
        assert named | set(params.get("all_columns", ())) <= columns, chart["slice_name"]
        assert set(params.get("metrics", ())) <= {m["metric_name"] for m in dataset["metrics"]}


def test_datasets_carry_the_dictionary(export):
    made = {d["table_name"]: {c["column_name"]: c["description"] for c in d["columns"]}
            for d in part(export, "datasets")}  # fmt: skip
    assert made == {t.name: {c.name: c.description for c in t.columns} for t in declared_tables()}


def test_the_connection_is_read_only(export):
    (database,) = part(export, "databases")
    assert database["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    assert not database["allow_dml"]


@pytest.mark.slow
def test_superset_imports_the_export_and_answers_every_chart(tmp_path):
    python = os.environ.get("SUPERSET_PYTHON")
    if not python:
        pytest.skip("SUPERSET_PYTHON names no interpreter with Apache Superset; see docs/bi.md")
    outcomes = publish_small(tmp_path) / "outcomes.duckdb"
    with ZipFile(tmp_path / "export.zip", "w") as bundle:
        for path, text in superset.outputs(Path("export")).items():
            bundle.writestr(path.as_posix(), text.replace(superset.URI, f"duckdb:///{outcomes}"))
    config = tmp_path / "superset_config.py"
    config.write_text(f"SECRET_KEY = 'x' * 42\nSQLALCHEMY_DATABASE_URI = 'sqlite:///{tmp_path}/meta.db'\n")
    answered = subprocess.run(
        [python, SESSION, tmp_path / "export.zip"],
        env={"SUPERSET_CONFIG_PATH": str(config), "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert answered.returncode == 0, answered.stderr[-3000:]
    boards = json.loads(answered.stdout.splitlines()[-1])
    assert len(boards) == len(OBJECTIVES)
    assert all(isinstance(rows, list) for board in boards.values() for rows in board.values()), boards
    line = boards["bassetlaw-sustainable-services"]["A&E attendances dealt with within four hours"]
    assert [(r["area_name"], r["figure"]) for r in line] == [(VALUES["area_name"], VALUES["value"])]
