"""An explanation: what was set aside and could change the value, and nothing about what is hidden."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, date, datetime
from types import SimpleNamespace

import duckdb
import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.explain import NothingToExplain, explain
from bassetlaw_pipeline.explain.disclosure import disclosure_rule
from bassetlaw_pipeline.explain.held_back import held_back
from bassetlaw_pipeline.explain.model import CountsModel, counts_model
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.quarantine import write_quarantine
from bassetlaw_pipeline.settings import DBT_DIR, DataHome

USED, REPLACED, PUBLIC = "20180611T090000Z-aaaaaaaaaaaa", "20180516T090000Z-bbbbbbbbbbbb", "20180613T0Z-c"
VALUE = {
    "value_status": "shown", "method": "proportion", "numerator": 80.0, "denominator": 100.0, "value": 80.0,
}  # fmt: skip
EXTRACTS = {USED: ("hospital", "dbth_ecds"), REPLACED: ("hospital", "dbth_ecds")}
EXTRACTS[PUBLIC] = ("public", "nhse_ae_monthly")

TABLES = """
CREATE TABLE dim_indicator AS SELECT 'ae_four_hour' AS indicator_id, 'Four hours' AS title, 'proportion' AS method,
    '%' AS unit, 100.0 AS multiplier, 'nhse_ae_monthly, dbth_ecds' AS source_extracts;
CREATE TABLE dim_period AS SELECT '2018-04' AS period_id, 'April 2018' AS label, DATE '2018-04-01' AS period_start,
    DATE '2018-04-30' AS period_end;
CREATE TABLE dim_area AS SELECT unnest(['E07000171', 'U05001']) AS area_code, 'a place' AS area_name;
CREATE TABLE scorecard AS SELECT 'ae_four_hour' AS indicator_id, 'E07000171' AS area_code;
CREATE TABLE fct_indicator_value AS
    SELECT 'ae_four_hour' AS indicator_id, '2018-04' AS period_id, 'hes2018' AS policy, '1.0' AS rule_version,
        'proportion' AS method, 'as_is' AS comparability, FALSE AS provisional, 'persons' AS sex, 'all' AS age_band,
        * FROM (VALUES
        ('E07000171', 'shown', 80.0, 100.0, 80.0), ('U05001', 'suppressed_primary', NULL, NULL, NULL))
        AS t (area_code, value_status, numerator, denominator, value);
CREATE TABLE fct_correction AS SELECT 'two_sites' AS correction_id, 'dbth_ecds' AS extract, 'drop' AS action,
    4 AS rows_affected UNION ALL SELECT 'other', 'dbth_apc', 'drop', 4
    UNION ALL SELECT 'not_in_force', 'dbth_ecds', 'drop', 0;
CREATE TABLE fct_lineage AS SELECT 'ae_four_hour' AS indicator_id, DATE '2018-04-01' AS first_month,
    DATE '2018-04-01' AS last_month, * FROM deliveries;
"""  # noqa: E501


@pytest.fixture
def home(tmp_path):
    """Three deliveries of April 2018, one of them replaced, and what they set aside."""
    home = DataHome(tmp_path)
    home.published.mkdir()
    with duckdb.connect(str(home.outcomes)) as con:
        rows = ", ".join(f"('{p}', '{e}', '{d}', {d != REPLACED})" for d, (p, e) in EXTRACTS.items())
        names = "(partner, extract, delivery_id, is_in_use)"
        con.execute(f"CREATE TEMP TABLE deliveries AS FROM (VALUES {rows}) AS t {names}")
        con.execute(TABLES)
    set_aside(home, USED, ["VALUE_DATE"], ["VALUE_DATE", "KEY_MISSING"], ["ROW_DUPLICATE"])
    set_aside(home, REPLACED, *[["VALUE_DATE"]] * 50)
    return home


def set_aside(home, delivery_id, *codes, table="dbth_ecds"):
    partner, extract = EXTRACTS[delivery_id]
    folder = home.accepted / partner / extract / delivery_id
    folder.mkdir(parents=True)
    arrival = SimpleNamespace(
        delivery_id=delivery_id, sha256="0", revision_rank=0, received_at=datetime(2018, 6, 11, tzinfo=UTC)
    )
    rows = [(table, n, list(c), ["x"] * len(c)) for n, c in enumerate(codes, start=2)]
    write_quarantine(folder, rows, arrival, SimpleNamespace(version="1.0.0"), date(2018, 4, 1))


def receipt(delivery_id):
    partner, extract = EXTRACTS[delivery_id]
    return Receipt(
        delivery_id=delivery_id, partner=partner, extract=extract, file_name=f"{delivery_id}.csv",
        sha256="5" * 64, bytes=1, received_at=datetime(2018, 6, 11, tzinfo=UTC), contract_version="1.0.0",
        periods=[date(2018, 4, 1)], verdict="accepted",
    )  # fmt: skip


def explained(home, area=None):
    receipts = [receipt(d) for d in EXTRACTS]
    manifest = {"release_id": "r", "code_version": "9", "contracts": {"dbth_ecds": "1.0.0", "dbth_apc": "2"}}
    return explain(home, receipts, manifest, "ae_four_hour", area, "2018-04")


def test_rows_set_aside_by_deliveries_in_use_bound_the_value(home):
    missed = explained(home).values[0]["held_back"]
    assert missed.by_reason == {"dbth_ecds": {"KEY_MISSING": 1, "ROW_DUPLICATE": 1, "VALUE_DATE": 2}}
    assert missed.rows == 2  # the repeated row was kept once; the replaced delivery counts no more
    assert (round(missed.lowest, 4), round(missed.highest, 4)) == (78.4314, 80.3922)  # 80/102, 82/102


def test_nothing_is_said_about_a_hidden_value(home):
    found = explained(home, "U05001")
    missed = found.values[0]["held_back"]
    assert (missed.lowest, missed.highest) == (None, None) and "not shown" in missed.statement
    assert "counts of 1 to 7 are hidden, others are rounded to the nearest 5" in found.values[0]["disclosure"]


def test_everything_behind_the_value_is_named(home):
    found = explained(home)
    assert found.model.endswith("ind_ae_four_hour.sql") and "seconds_in_department" in found.sql
    assert found.tables == ["dbth_ecds", "nhse_ae_monthly"]
    assert [c["correction_id"] for c in found.corrections] == ["two_sites"]
    assert {d["delivery_id"]: d["in_use"] for d in found.deliveries} == {
        USED: True,
        REPLACED: False,
        PUBLIC: True,
    }
    assert found.code == {"version": "9", "sha256": None, "contracts": {"dbth_ecds": "1.0.0"}}
    assert json.loads(json.dumps(asdict(found), default=str))["values"][0]["held_back"]["rows"] == 2


def test_a_release_without_lineage_is_explained_as_far_as_it_goes(home):
    with duckdb.connect(str(home.outcomes)) as con:
        con.execute("DROP TABLE fct_lineage; DROP TABLE fct_correction")
    found = explained(home)
    assert found.values[0]["held_back"].rows == 0 and len(found.deliveries) == 3
    assert "does not say" in found.values[0]["held_back"].statement


def test_what_is_not_there_is_told(home):
    with pytest.raises(NothingToExplain, match="Areas: E07000171, U05001"):
        explain(home, [], {}, "ae_four_hour", "E00000000", None)


@pytest.mark.parametrize(
    ("change", "rows", "expected"),
    [
        ({"method": "crude_rate"}, True, (80.0, 82.0)),
        ({"method": "count", "value": 80.0, "denominator": None}, True, (80.0, 82.0)),
        ({"method": "dsr"}, True, (None, None)),
        ({"value_status": "official"}, True, (None, None)),
        ({"denominator": None}, True, (None, None)),
        ({}, False, (None, None)),
    ],
)
def test_the_bound_follows_the_method_or_says_that_it_cannot(home, change, rows, expected):
    model = CountsModel("", "", frozenset({("dbth_ecds", "")}), counts_rows=rows)
    used = {"partner": "hospital", "extract": "dbth_ecds", "delivery_id": USED}
    missed = held_back(home, load_contracts(), model, [used], VALUE | change, {"multiplier": 100})
    assert (missed.lowest, missed.highest) == expected
    assert missed.statement and missed.rows == 2


def test_rows_of_a_table_the_model_does_not_read_are_not_missed(home):
    model = CountsModel("", "", frozenset({("dbth_ecds", "another")}), counts_rows=True)
    used = {"partner": "hospital", "extract": "dbth_ecds", "delivery_id": USED}
    assert held_back(home, load_contracts(), model, [used], VALUE, {"multiplier": 100}).by_reason == {}


def test_a_model_is_followed_to_the_tables_it_reads():
    trips = counts_model("transport_access", "count")
    assert trips.tables == {("bcvs_volunteering_transport", "trips")} and trips.counts_rows
    assert ("dbth_cwt", "") in counts_model("cancer_62_day", "proportion").tables  # through a macro
    assert not counts_model("dtoc_days_rate", "crude_rate").counts_rows
    assert counts_model("anything", "published").path.endswith("int_official_value.sql")


def test_every_declared_policy_has_its_words():
    text = (DBT_DIR / "macros" / "disclosure" / "policies.sql").read_text("utf-8")
    declared = re.findall(r"'(\w+)': {'hide_to'", text)
    told = {name: disclosure_rule({"policy": name, "rule_version": "1"}) for name in declared}
    assert len(declared) >= 8 and not any("every count is hidden" in words for words in told.values())
    assert told["screening"].endswith("counts up to 7 are shown as 5, others are rounded to the nearest 5")
    assert "every count is hidden" in disclosure_rule({"policy": "unheard_of", "rule_version": "1"})
