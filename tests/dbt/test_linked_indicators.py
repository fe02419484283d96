"""Indicators whose events are part of another's: a reader knows that the one is never more than the other."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, SmallWarehouse
from sql_models import build
from test_attack import exposed, saved
from test_disclosure import PCNS

CIRCULATORY, CORONARY = (5, 8, 9), (2, 8, 9)  # by network; under this policy only the 2 is hidden
GATE = DISCLOSURE[: DISCLOSURE.index("rst_released_value") + 1]


def deaths(linked: bool) -> SmallWarehouse:
    """Deaths of the district and its networks: of the circulation, and of the heart among them."""
    common = {"method": "count", "area_types": "district|pcn", "disclosure_gate": "deaths"}
    warehouse = SmallWarehouse().indicator("circulatory", **common)
    warehouse.indicator("coronary", part_of="circulatory" if linked else None, **common)
    for name, counts in {"circulatory": CIRCULATORY, "coronary": CORONARY}.items():
        cells = zip(counts, PCNS, strict=True)
        warehouse.counts([("2019-01", LSOA_Q1, n, None, pcn) for n, pcn in cells], name)
    return published(warehouse)


def published(warehouse: SmallWarehouse) -> SmallWarehouse:
    warehouse.build(ROLL_UP, GATE)
    warehouse.con.execute("CREATE VIEW fct_indicator_value AS FROM rst_released_value")
    return warehouse


def test_a_hidden_count_cannot_be_derived_from_the_indicator_it_is_part_of(tmp_path):
    """2 + 8 hidden of 19: the 8 can be no more than the 8 circulatory deaths there, so the other is 2."""
    apart = deaths(linked=False)
    hidden = "SELECT area_code FROM rst_released_value WHERE value_status LIKE 'suppressed%' ORDER BY ALL"
    assert apart.all(hidden) == [(PCNS[0],), (PCNS[1],)]
    apart.con.execute("UPDATE indicator_registry SET part_of = 'circulatory' WHERE indicator_id = 'coronary'")
    build(apart.con, "int_indicator", "rst_sum_linked", "rst_sum_group")
    found = exposed(saved(apart, tmp_path / "apart.duckdb"))
    assert f"coronary|{PCNS[0]}|2019-01|persons|all#numerator" in found

    together = deaths(linked=True)
    assert together.all(hidden) == [(DISTRICT,), (PCNS[0],)]
    assert exposed(saved(together, tmp_path / "together.duckdb")) == []


def test_an_open_part_does_not_tell_a_hidden_whole(tmp_path):
    """7 delayed days are hidden as 1 to 7; 6 of them are published elsewhere: it could be 6 or 7."""
    warehouse = SmallWarehouse().indicator("all_days", method="count")
    warehouse.indicator("social_care", method="count", disclosure_gate="open", part_of="all_days")
    warehouse.counts([("2019-01", DISTRICT, 7)], "all_days").counts([("2019-01", DISTRICT, 6)], "social_care")
    published(warehouse)
    status = "SELECT value_status, numerator FROM rst_released_value ORDER BY indicator_id"
    assert warehouse.all(status) == [("suppressed_secondary", None), ("shown", 6)]
    assert exposed(saved(warehouse, tmp_path / "w.duckdb")) == []


@pytest.mark.parametrize(("rest", "tied"), [(0, True), (20, True), (21, False)])
def test_a_large_rest_ties_nothing_together(rest, tied):
    """Disclosure control never moves a count so far that it would matter."""
    warehouse = SmallWarehouse().indicator("whole", method="count")
    warehouse.indicator("part", method="count", part_of="whole")
    warehouse.counts([("2019-01", DISTRICT, 5)], "part").counts([("2019-01", DISTRICT, 5 + rest)], "whole")
    warehouse.build(ROLL_UP, GATE[: GATE.index("rst_sum_linked") + 1])
    assert bool(warehouse.one("SELECT count(*) FROM rst_sum_linked")[0]) == tied
