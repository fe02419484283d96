"""The files for Power BI and Tableau are well formed and name only what is published."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from bassetlaw_pipeline.bi import derive, powerbi, tableau
from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables

TABLES = {t.name: {c.name for c in t.columns} for t in declared_tables()}
PBIDS = {
    "required": ["version", "connections"],
    "properties": {
        "version": {"const": "0.1"},
        "connections": {
            "minItems": 1,
            "items": {
                "required": ["details"],
                "properties": {
                    "mode": {"enum": ["Import", "DirectQuery"]},
                    "details": {
                        "required": ["protocol", "address"],
                        "properties": {
                            "protocol": {"const": "postgresql"},
                            "address": {"required": ["server", "database"], "additionalProperties": {}},
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def project():
    return {path.as_posix(): text for path, text in powerbi.outputs(Path("p")).items()}


@pytest.fixture(scope="module")
def sources():
    return {p.stem: ElementTree.fromstring(text) for p, text in tableau.outputs(Path("t")).items()}


def test_the_connection_file_names_a_postgresql_database(project):
    jsonschema.validate(json.loads(project["p/outcomes.pbids"]), PBIDS)


def test_the_project_leads_to_the_report_and_the_report_to_the_model(project):
    entrance = json.loads(project["p/Outcomes.pbip"])
    (report,) = [a["report"]["path"] for a in entrance["artifacts"]]
    reference = json.loads(project[f"p/{report}/definition.pbir"])["datasetReference"]["byPath"]["path"]
    assert f"p/{reference.removeprefix('../')}/definition/model.tmdl" in project
    pages = json.loads(project[f"p/{report}/definition/pages/pages.json"])["pageOrder"]
    for page in pages:
        assert json.loads(project[f"p/{report}/definition/pages/{page}/page.json"])["name"] == page
    for path, text in project.items():
        if not path.endswith(".tmdl"):
            assert isinstance(json.loads(text), dict), path


def test_the_model_has_every_published_table_and_column(project):
    folder = "p/Outcomes.SemanticModel/definition/"
    listed = re.findall(r"^ref table (\w+)$", project[f"{folder}model.tmdl"], re.M)
    assert set(listed) == set(TABLES)
    for table, columns in TABLES.items():
        text = project[f"{folder}tables/{table}.tmdl"]
        assert set(re.findall(r"^\tcolumn (\w+)$", text, re.M)) == columns
        assert f'Item="{table}"' in text and "summarizeBy: sum" not in text


def test_indentation_is_what_tmdl_expects(project):
    """Objects of a table stand one tab in, their properties two; a description directly before its object."""
    for path, text in project.items():
        if "/tables/" in path:
            lines = text.splitlines()
            assert all(
                re.match(r"\t?(table|column|measure|partition|///) |\t\t+ *\S|$", line) for line in lines
            )
            after = [lines[n + 1] for n, line in enumerate(lines) if line.lstrip().startswith("///")]
            assert all(re.match(r"\t?(table|column|measure) ", line) for line in after), path


def test_measures_have_a_name_of_their_own_and_use_columns_that_exist(project):
    text = "\n".join(t for p, t in project.items() if "/tables/" in p)
    names = re.findall(r"^\tmeasure '(.+?)' =", text, re.M)
    assert len(names) == len(set(names)) > 20
    for table, column in re.findall(r"'(mart_\w+)'\[(\w+)\]", text):
        assert column in TABLES[table]


def test_relationships_join_columns_that_exist(project):
    text = project["p/Outcomes.SemanticModel/definition/relationships.tmdl"]
    ends = re.findall(r"(?:from|to)Column: (\w+)\.(\w+)", text)
    assert len(ends) > 40
    assert all(column in TABLES[table] for table, column in ends)
    assert len(set(re.findall(r"^relationship (\S+)$", text, re.M))) == len(ends) / 2


def test_data_sources_hold_the_connection_and_every_column(sources):
    assert set(sources) == {t for t in TABLES if t.startswith("mart_")} | {"scorecard"}
    for table, root in sources.items():
        connection = root.find("connection/named-connections/named-connection/connection")
        assert connection.get("class") == "postgres" and connection.get("server")
        assert root.find("connection/relation").get("table") == f"[outcomes].[{table}]"
        plain = {c.get("name").strip("[]") for c in root.iter("column") if c.find("calculation") is None}
        assert plain == TABLES[table]
        for formula in root.iter("calculation"):
            assert set(re.findall(r"\[(\w+)\]", formula.get("formula"))) <= TABLES[table]


def test_no_number_is_added_up_by_itself(sources):
    plain = [c for root in sources.values() for c in root.iter("column") if c.find("calculation") is None]
    assert {c.get("role") for c in plain} == {"dimension"}


def test_the_folder_holds_what_is_generated_and_nothing_else():
    wanted = {p for p in derive.outputs() if p.is_relative_to(derive.FOLDER)}
    there = {p for p in derive.FOLDER.rglob("*") if p.is_file()}
    assert there == wanted, f"delete or run `bassetlaw sync`: {sorted(there ^ wanted)}"
