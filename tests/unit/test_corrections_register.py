"""What the corrections register refuses, in words that name the entry and never a value."""

from __future__ import annotations

import duckdb
import pytest
import yaml

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.corrections.applied import corrections_applied
from bassetlaw_pipeline.corrections.register import RegisterError, load_register
from bassetlaw_pipeline.settings import PROJECT_DIR

ENTRY = {
    "id": "handovers_2018_04",
    "extract": "emas_handover",
    "locator": {"_period_start": "D2018-04-01", "vehicle_callsign": "1234"},
    "action": "drop",
    "reason": "Handovers at another hospital.",
    "reported_to": "Ambulance trust",
    "reported_on": "D2018-06-01",
    "expect": {"rows": 3},
}


def refused(tmp_path, *entries):
    text = yaml.safe_dump({"corrections": list(entries)}).replace("D20", "20")
    (tmp_path / "r.yml").write_text(text, "utf-8")
    with pytest.raises(RegisterError) as problem:
        load_register(load_contracts(), tmp_path)
    return str(problem.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"extract": "nobody"}, "no table '' of extract 'nobody'"),
        ({"table": "notices"}, "no table 'notices'"),
        ({"locator": {"vehicle_callsign": "1234"}}, "names no delivery"),
        ({"locator": {"_period_start": "D2018-04-01", "nhs_number": "x"}}, "no column nhs_number"),
        ({"locator": {"_period_start": 7}}, "_period_start is not a DATE"),
        ({"expect": {}}, "state rows, values or both"),
        ({"expect": {"values": {"age": "forty"}}}, "a value of age is not a"),
        ({"action": "override"}, "override, and nothing else"),
        ({"action": "override", "set": {"category": "C9"}}, "category: the value is none of its codes"),
        ({"action": "override", "set": {"vehicle_callsign": "12"}}, "cannot be set"),
        ({"action": "override", "set": {"_received_at": None}}, "_received_at"),
        ({"action": "scale", "column": "category", "factor": 2}, "cannot be scaled"),
        ({"action": "scale", "column": "age"}, "scale, and nothing else"),
        ({"status": "fixed_by_partner"}, "fixed_by_partner, and nothing else"),
        ({"reason": "Patient 943 476 5919 was counted twice."}, "ten digits"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused(tmp_path, change, told):
    message = refused(tmp_path, ENTRY | change)
    assert message.startswith("r.yml: handovers_2018_04: ") and told in message
    assert "5919" not in message


def test_a_column_that_identifies_cannot_locate_a_row(tmp_path):
    columns = [
        (c.id, t.name, column.lands_as)
        for c in load_contracts().values()
        for t in c.tables
        for column in t.columns
        if column.classification in ("direct", "indirect") and column.lands_as
        and not (column.transform and column.transform.kind in ("person_key", "row_key"))
    ]  # fmt: skip
    for extract, table, column in columns:
        locator = {"_period_start": "D2018-04-01", column: "x"}
        told = refused(tmp_path, ENTRY | {"extract": extract, "table": table, "locator": locator})
        assert f"{column} identifies people" in told


def test_an_id_is_used_once(tmp_path):
    assert "declared twice: handovers_2018_04" in refused(tmp_path, ENTRY, ENTRY)


def test_the_example_keeps_the_rules_and_the_register_itself_does(tmp_path):
    example = PROJECT_DIR / "docs" / "corrections_example.yml"
    (tmp_path / "example.yml").write_text(example.read_text("utf-8"), "utf-8")
    found = load_register(load_contracts(), tmp_path)
    assert {c.action for c in found} == {"drop", "override", "scale", "flag"}
    load_register(load_contracts())


def test_the_manifest_has_the_corrections_that_did_something(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA outcomes")
    assert corrections_applied(path) == []
    with duckdb.connect(str(path)) as con:
        con.execute(
            "CREATE TABLE outcomes.fct_correction AS SELECT * FROM (VALUES ('a', 'x', 'drop', 3, 'h'), "
            "('b', 'x', 'drop', 0, 'h')) AS t (correction_id, extract, action, rows_affected, entry_sha256)"
        )
    entry = {"id": "a", "extract": "x", "action": "drop", "rows": 3, "sha256": "h"}
    assert corrections_applied(path) == [entry]
