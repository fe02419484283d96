"""One declaration of what is published: the dictionary and the metadata beside the CSV files agree."""

from __future__ import annotations

import csv
import json

import duckdb
import jsonschema
import pytest
from small_published import RELEASE, publish_small

from bassetlaw_pipeline.publication.outputs.dictionary import MARTS, declared_tables, in_order
from bassetlaw_pipeline.publication.outputs.export import BI_SAFE_TYPES

# The rules of the Data Package and Table Schema specifications (v1) that a reader relies on.
SCHEMA = {
    "type": "object",
    "required": ["name", "profile", "resources", "licenses"],
    "properties": {
        "name": {"pattern": "^[-a-z0-9._/]+$"},
        "profile": {"const": "tabular-data-package"},
        "licenses": {"minItems": 1, "items": {"anyOf": [{"required": ["name"]}, {"required": ["path"]}]}},
        "resources": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}},
    },
    "$defs": {
        "resource": {
            "required": ["name", "path", "profile", "schema"],
            "properties": {
                "name": {"pattern": "^[-a-z0-9._]+$"},
                "path": {"pattern": r"^(?!/)(?!.*\.\.).+\.csv$"},
                "profile": {"const": "tabular-data-resource"},
                "schema": {"$ref": "#/$defs/table"},
            },
        },
        "table": {
            "required": ["fields"],
            "additionalProperties": False,
            "properties": {
                "fields": {"minItems": 1, "items": {"$ref": "#/$defs/field"}},
                "missingValues": {"type": "array", "items": {"type": "string"}},
                "primaryKey": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                "foreignKeys": {"type": "array", "items": {"$ref": "#/$defs/reference"}},
            },
        },
        "field": {
            "required": ["name", "type", "description"],
            "properties": {
                "type": {"enum": ["string", "number", "integer", "boolean", "date", "datetime"]},
                "description": {"minLength": 2},
            },
        },
        "reference": {
            "required": ["fields", "reference"],
            "properties": {"reference": {"required": ["resource", "fields"]}},
        },
    },
}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish_small(tmp_path_factory.mktemp("dictionary"))


@pytest.fixture(scope="module")
def package(published):
    return json.loads((published / "csv" / "datapackage.json").read_text(encoding="utf-8"))


def query(published, sql):
    with duckdb.connect(str(published / "outcomes.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_every_mart_is_declared_with_key_types_and_meanings():
    tables = declared_tables()
    assert {t.name for t in tables} == {p.stem for p in MARTS.glob("*.sql")}
    # A delivery's file may have no name, and an annotation be about every place.
    assert {t.name for t in tables if not t.key} <= {"fct_lineage", "fct_indicator_annotation"}
    wrong = [f"{t.name}.{c.name}" for t in tables for c in t.columns if c.type not in BI_SAFE_TYPES]
    assert not wrong
    assert not [f"{t.name}.{c.name}" for t in tables for c in t.columns if not c.description]


def test_the_published_file_lists_every_table_and_column(published):
    real = query(published, "select table_name, column_name, column_index, data_type, comment "
                            "from duckdb_columns() where not internal order by 1, 3")  # fmt: skip
    listed = query(published, "select table_name, column_name, ordinal, data_type, description "
                              "from dim_column order by 1, 3")  # fmt: skip
    assert listed == real and not [r for r in real if not r[4]]
    assert query(published, "select distinct table_name from dim_column order by 1") == query(
        published, "select table_name from dim_table order by 1"
    )
    keys = query(published, "select key_columns from dim_table where table_name = 'fct_inequality'")
    assert keys == [("indicator_id, period_id",)]


def test_references_lead_to_dimensions(published):
    found = query(published, "select distinct column_name, refers_to from dim_column "
                             "where refers_to is not null order by 1")  # fmt: skip
    assert ("area_code", "dim_area") in found and ("table_name", "dim_table") in found
    assert not query(published, "select 1 from dim_column where refers_to = table_name")
    assert query(published, "select table_name from dim_column where refers_to = 'dim_table'") == [
        ("dim_column",)
    ]
    order = [t.name for t in in_order(declared_tables())]
    assert order.index("dim_period") < order.index("fct_indicator_value")


def test_the_data_package_keeps_to_the_specification(package):
    jsonschema.validate(package, SCHEMA)
    assert package["id"] == RELEASE["release_id"]


def test_the_data_package_describes_the_files_beside_it(published, package):
    resources = {r["name"]: r for r in package["resources"]}
    assert {r["path"] for r in resources.values()} == {p.name for p in (published / "csv").glob("*.csv")}
    for resource in resources.values():
        fields = [f["name"] for f in resource["schema"]["fields"]]
        with (published / "csv" / resource["path"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == fields
        assert set(resource["schema"].get("primaryKey", [])) <= set(fields)
        for link in resource["schema"].get("foreignKeys", []):
            target = resources[link["reference"]["resource"]]["schema"]
            assert target["primaryKey"] == [link["reference"]["fields"]]
