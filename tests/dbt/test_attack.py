"""The intruder before a release, and what the gate hides from him, in warehouses of a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from small_warehouse import DISTRICT, LSOA_Q1, LSOA_Q5, SmallWarehouse, months
from sql_models import render
from test_disclosure import PCNS, pcn_counts, seen

from bassetlaw_pipeline.disclosure.attacks.suppressed_counts import attack

# LSOAs of three wards that lie in one quintile each, the first two in the same
WARD_A, WARD_B, WARD_C = "E01027999", "E01028000", "E01028040"


def saved(warehouse: SmallWarehouse, path: Path) -> Path:
    """The warehouse as a file that can be a release as well: published tables in `outcomes` and in `main`."""
    with duckdb.connect(str(path)) as con:
        for schema, table in (
            ("restricted", "rst_seen_bounds"),
            ("restricted", "rst_sum_group"),
            ("outcomes", "fct_indicator_value"),
            ("main", "fct_indicator_value"),
        ):
            con.execute(f"create schema if not exists {schema}")
            con.register("made", warehouse.con.sql(f"from {table}").to_arrow_table())
            con.execute(f"create table {schema}.{table} as from made")
    return path


def exposed(path: Path, *earlier: Path) -> list[str]:
    return list(attack(path, earlier).exposed)


def test_what_the_gate_lets_out_withstands_the_attack(tmp_path):
    cells = [(hidden, n, third) for hidden in (1, 7) for n in (8, 11, 13) for third in (0, 9, 30)]
    found = attack(saved(pcn_counts(cells), tmp_path / "w.duckdb"))
    assert found.suppressed >= len(cells)
    assert found.exposed == ()


def test_a_cell_shown_by_mistake_fails_the_release_by_name(tmp_path):
    """Total 20, one part shown 10: the hidden one is 6 or 7."""
    warehouse = pcn_counts([(7, 11, 0)])
    warehouse.con.execute(
        "UPDATE fct_indicator_value SET value_status = 'shown', numerator = 10 "
        "WHERE value_status = 'suppressed_secondary'"
    )
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == [f"x|{PCNS[0]}|2000-01|persons|all#numerator"]


def test_what_an_earlier_release_showed_is_known_now(tmp_path):
    """The neighbour that is hidden now was shown as 10 before: hiding it protects nothing any more."""
    warehouse = pcn_counts([(7, 11, 0)])
    now = saved(warehouse, tmp_path / "now.duckdb")
    warehouse.con.execute(
        "UPDATE fct_indicator_value SET value_status = 'shown', numerator = 10 "
        "WHERE value_status = 'suppressed_secondary'"
    )
    before = saved(warehouse, tmp_path / "before.duckdb")
    assert exposed(now) == []
    assert exposed(now, before)[0] == f"x|{PCNS[0]}|2000-01|persons|all#numerator"


def test_three_people_more_than_in_the_last_release_are_not_revealed(tmp_path):
    """In one ward 10 become 13: both ranges allow for 1 to 9 people, and nothing hidden comes to light."""
    before = saved(pcn_counts([(5, 10, 30)]), tmp_path / "before.duckdb")
    now = pcn_counts([(5, 13, 30)])
    assert exposed(saved(now, tmp_path / "now.duckdb"), before) == []
    assert seen(now)["2000-01"][PCNS[1]] == ("shown", 15)


def test_a_count_that_falls_from_9_to_7_vanishes_with_all_it_could_be_derived_from(tmp_path):
    before, after = pcn_counts([(9, 11, 0)]), pcn_counts([(7, 11, 0)])
    assert {status for status, _ in seen(before)["2000-01"].values()} == {"shown"}
    vanished = {area for area, (_, n) in seen(after)["2000-01"].items() if n is None}
    assert vanished == {PCNS[0], PCNS[1]}
    assert exposed(saved(after, tmp_path / "w.duckdb")) == []


def test_twelve_rolling_months_do_not_tell_the_month_they_differ_by(tmp_path):
    """Without rounding the difference of two overlapping years is the difference of two months."""
    warehouse = SmallWarehouse()
    warehouse.indicator(method="count", disclosure_gate="deaths", period_types="month|rolling_12m")
    counts = [20] * 12 + [1]
    warehouse.counts((m, LSOA_Q1, n) for m, n in zip(months("2019-01", 13), counts, strict=True)).build()
    query = "SELECT count(*) FROM fct_indicator_value WHERE value_status = 'suppressed_secondary'"
    assert warehouse.one(query)[0] >= 1
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == []


def test_growth_does_not_show_last_years_count_that_is_hidden_this_way(tmp_path):
    warehouse = SmallWarehouse().indicator(method="growth", area_types="district|imd_quintile")
    for month, counts in {"2018-01": (7, 11), "2019-01": (30, 30)}.items():
        warehouse.counts(zip((month,) * 2, (LSOA_Q1, LSOA_Q5), counts, strict=True))
    warehouse.delivered(*months("2018-01", 13)).build()
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == []


def test_a_denominator_is_hidden_where_it_tells_another(tmp_path):
    """6 of 17 clients in the one network, 11 in the other: shown as 15 and 10, the 6 could only be 1 to 7."""
    warehouse = SmallWarehouse().indicator(area_types="district|pcn", disclosure_gate="deaths")
    rows = [("2019-01", LSOA_Q1, n, d, pcn) for n, d, pcn in zip((0, 9, 9), (2, 60, 20), PCNS, strict=True)]
    warehouse.counts(rows).build()
    shown = dict(warehouse.all("SELECT area_code, denominator FROM fct_indicator_value"))
    assert shown[PCNS[0]] is None and shown[DISTRICT] is not None
    assert None in (shown[PCNS[1]], shown[PCNS[2]])
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == []


def test_nobody_of_a_small_group_cannot_be_worked_out_from_its_neighbours(tmp_path):
    """A sensitive subject; 0 of 30, 20 of 40 and 22 of 40: the district would tell the 0."""
    changes = {"area_types": "district|pcn", "disclosure_gate": "deaths", "sensitive": True}
    warehouse = SmallWarehouse().indicator(**changes)
    cells = zip((0, 20, 22), (30, 40, 40), PCNS, strict=True)
    warehouse.counts(("2019-01", LSOA_Q1, n, d, pcn) for n, d, pcn in cells).build()
    shown = {area: status for area, (status, _) in seen(warehouse)["2019-01"].items()}
    assert shown[PCNS[0]] == "suppressed_primary" and "suppressed_secondary" in shown.values()
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == []


def test_a_ward_cannot_be_worked_out_from_the_quintile_it_lies_in():
    """Two wards are all of a quintile that counts 18, shown as 20: beside 10 the other would be 6 or 7."""
    warehouse = SmallWarehouse().indicator(method="count", area_types="district|ward|imd_quintile")
    counts = zip((WARD_A, WARD_B, WARD_C), (7, 11, 30), strict=True)
    warehouse.counts(("2019-01", lsoa, n) for lsoa, n in counts).delivered("2019-01").build()
    shown = dict(warehouse.all("SELECT area_code, numerator FROM fct_indicator_value"))
    assert shown["E05006377"] is None
    assert None in (shown["E05006378"], shown["IMD19_Q4"])


def test_the_published_cases_of_the_rule(shared):
    """Counts, and percentages from rounded counts, as the rule's own test cases have them."""
    path = shared / "domain" / "data" / "disclosure_test_vectors.json"
    cases = json.loads(path.read_text("utf-8"))
    con = duckdb.connect()

    def shown(count: int) -> str:
        expression = render(f"{{{{ count_shown('{count}', \"'hes2018'\") }}}}")
        (found,) = con.execute(f"SELECT {expression}").fetchall()[0]
        return "*" if found is None else f"{found:.0f}"

    assert {c["n"]: shown(c["n"]) for c in cases["counts"]} == {c["n"]: c["shown"] for c in cases["counts"]}
    for case in cases["percentages"]:
        numerator, denominator = shown(case["num"]), shown(case["den"])
        assert (numerator, denominator) == (case["num_shown"], case["den_shown"])
        if "*" not in (numerator, denominator):
            assert f"{100 * int(numerator) / int(denominator):.1f}" == case["pct_shown"]


@pytest.mark.parametrize("status", ["not_calculated_small", "not_applicable"])
def test_a_row_without_a_figure_is_hidden_where_its_count_tells_another(status):
    """Hidden to protect another comes before every other word for a row whose count would be shown."""
    text = (Path(__file__).parents[2] / "dbt_project/models/restricted/rst_released.sql").read_text("utf-8")
    assert text.index("secondary.value_key is not null then") < text.index(status)
