"""The asset graph as a whole: complete labels, edges from every file to the release, and a snapshot.

The snapshot (asset_graph.txt) makes a changed edge visible in review. To accept a change:
`BASSETLAW_ACCEPT=1 .venv/bin/python -m pytest tests/conventions/test_asset_graph.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import dagster as dg
import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.definitions import build_defs
from bassetlaw_pipeline.settings import PROJECT_DIR, Settings
from bassetlaw_pipeline.warehouse.dbt_project import DbtPlaces
from bassetlaw_pipeline.warehouse.parsed_project import read_manifest

pytestmark = pytest.mark.slow
SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
PUBLISHED = dg.AssetKey("published_outcomes")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """The dbt project seen from an empty data home."""
    before = os.environ.get("BASSETLAW_HOME")
    os.environ["BASSETLAW_HOME"] = str(tmp_path_factory.mktemp("home"))
    try:
        return DbtPlaces(Settings())
    finally:
        os.environ.pop("BASSETLAW_HOME") if before is None else os.environ.update(BASSETLAW_HOME=before)


@pytest.fixture(scope="module")
def definitions(places):
    """The definitions of an empty data home."""
    return build_defs(places.settings)


@pytest.fixture(scope="module")
def graph(definitions):
    """All assets with their edges."""
    return definitions.resolve_asset_graph()


def test_every_asset_says_what_it_is_and_whose(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        said = (node.group_name, node.owners, node.kinds, node.description)
        assert all(said), f"{key.to_user_string()}: group, owner, kind or description is missing"
        assert node.group_name != "default", key.to_user_string()


def test_every_contract_is_an_asset_by_month_with_checks_and_columns(graph):
    for contract in load_contracts().values():
        node = graph.get(dg.AssetKey(contract.asset_key))
        assert node.group_name == contract.partner
        assert isinstance(node.partitions_def, dg.MonthlyPartitionsDefinition)
        assert node.partitions_def.timezone == "Europe/London"
        assert node.backfill_policy == dg.BackfillPolicy.single_run()
        checks = {key.name for key in node.check_keys}
        rules = sum(len(table.expectations) for table in contract.tables)
        assert {"accepted", "no_rows_quarantined"} <= checks
        assert len(checks) > 2 or rules == 0, f"{contract.id}: its rules are not shown as checks"
        columns = {c.name for c in node.metadata["dagster/column_schema"].columns}
        assert set(contract.main.landed) == columns
        assert (PROJECT_DIR / node.metadata["contract"]).is_file()


def test_every_extract_reaches_the_release(graph):
    """By its figures: tables about deliveries name every extract, used or not."""
    about = {dg.AssetKey(["outcomes", name]) for name in ("fct_lineage", "fct_correction")}
    upstream, frontier = set(about), {PUBLISHED}
    while frontier:
        frontier = {p for key in frontier for p in graph.get(key).parent_keys} - upstream
        upstream |= frontier
    missing = {c.id for c in load_contracts().values() if dg.AssetKey(c.asset_key) not in upstream}
    assert not missing, f"delivered but never used: {missing}"


def test_a_mart_check_stands_before_the_release(graph):
    blocking = {
        key.asset_key
        for key in graph.asset_check_keys
        if key.name == "expectations" and graph.get(key).blocking
    }
    assert blocking
    assert blocking <= graph.get(PUBLISHED).parent_keys


def test_every_dbt_test_is_shown_as_a_check(graph, places):
    """A test over several tables says in dbt_project/tests/_tests.yml which one it stands for."""
    nodes = read_manifest(places)["nodes"].values()
    tests = {node["name"] for node in nodes if node["resource_type"] == "test"}
    assert tests <= {key.name for key in graph.asset_check_keys}


def test_nothing_restricted_is_published(graph):
    assert {key.path[0] for key in graph.get(PUBLISHED).parent_keys} == {"outcomes"}


def test_descriptions_and_metadata_name_no_place_of_this_machine(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        text = f"{node.description} {node.metadata.get('contract', '')} {node.metadata.get('code', '')}"
        assert not re.search(r"(^|\s)/(home|root|tmp|work|usr)/", text), key.to_user_string()


def _line(graph, key: dg.AssetKey) -> str:
    parents = ", ".join(sorted(parent.to_user_string() for parent in graph.get(key).parent_keys))
    return f"{key.to_user_string()}{' <- ' if parents else ''}{parents}\n"


def test_graph_is_the_one_we_reviewed(graph):
    text = "".join(_line(graph, key) for key in sorted(graph.get_all_asset_keys()))
    if os.environ.get("BASSETLAW_ACCEPT"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == text, "accept the change with BASSETLAW_ACCEPT=1"


def test_jobs_sensors_and_schedule_are_there(definitions):
    jobs = {job.name for job in definitions.resolve_all_job_defs()}
    assert jobs == {"land", "build_warehouse", "__ASSET_JOB"}
    repository = definitions.get_repository_def()
    assert {s.name for s in repository.sensor_defs} == {"landing_sensor", "release_sensor"}
    assert [s.name for s in repository.schedule_defs] == ["monthly_refresh"]
