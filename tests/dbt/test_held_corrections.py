"""Corrections that would count 1 to 7 people beside what was published, in warehouses of a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, SmallWarehouse, months
from sql_models import PROJECT, render
from test_attack import saved
from test_disclosure import PCNS

from bassetlaw_pipeline.disclosure.attacks.suppressed_counts import attack
from bassetlaw_pipeline.disclosure.difference import HELD
from bassetlaw_pipeline.publication.archive import ComparisonReleases, StoredRelease
from bassetlaw_pipeline.warehouse.published_before import write_published_before

NUMBERS = "value_status, numerator, denominator, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper"
METHODS = {"x": "as it is"}
GATE = DISCLOSURE[: DISCLOSURE.index("rst_released_value") + 1]


class Line:
    """Releases one after the other, each held against those before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.releases = folder, []

    def release(self, warehouse: SmallWarehouse, methods: dict[str, str] = METHODS) -> SmallWarehouse:
        """Builds a warehouse as the next release and keeps it."""
        self._build(warehouse, ComparisonReleases(before=tuple(reversed(self.releases))), methods)
        self._keep(warehouse, methods)
        return warehouse

    def view(self, warehouse: SmallWarehouse, after: int) -> SmallWarehouse:
        """Builds a warehouse as it was known after so many of the releases."""
        compared_with = ComparisonReleases(
            before=tuple(reversed(self.releases[:after])), after=tuple(self.releases[after:])
        )
        return self._build(warehouse, compared_with, METHODS)

    def _build(
        self, warehouse: SmallWarehouse, compared_with: ComparisonReleases, methods: dict[str, str]
    ) -> SmallWarehouse:
        before = self.folder / "before.parquet"
        write_published_before(compared_with, methods, before)
        warehouse.con.execute(f"INSERT INTO pipeline_published_before BY NAME FROM read_parquet('{before}')")
        warehouse.build(ROLL_UP, GATE)
        warehouse.con.execute("CREATE VIEW fct_indicator_value AS FROM rst_released_value")
        return warehouse

    def _keep(self, warehouse: SmallWarehouse, methods: dict[str, str]) -> None:
        kept = StoredRelease(self.folder / f"release_{len(self.releases)}")
        kept.folder.mkdir()
        saved(warehouse, kept.folder / "made.duckdb").rename(kept.folder / "outcomes.duckdb")
        (kept.folder / "manifest.json").write_text(json.dumps({"methods": methods}))
        self.releases.append(kept)


@pytest.fixture
def line(tmp_path):
    return Line(tmp_path)


def district(n: int, denominator: int | None = None, gate: str = "deaths", **changes) -> SmallWarehouse:
    method = "count" if denominator is None else "proportion"
    warehouse = SmallWarehouse().indicator(**{"method": method, "disclosure_gate": gate, **changes})
    return warehouse.counts([("2019-01", LSOA_Q1, n, denominator)])


def networks(*counts: int) -> SmallWarehouse:
    """A count of the district and its three networks."""
    warehouse = SmallWarehouse().indicator(
        method="count", area_types="district|pcn", disclosure_gate="deaths"
    )
    cells = zip(counts, PCNS, strict=True)
    return warehouse.counts(("2019-01", LSOA_Q1, n, None, pcn) for n, pcn in cells)


def shown(warehouse: SmallWarehouse, area: str = DISTRICT) -> tuple:
    columns = "value_status, numerator, status_reason"
    return warehouse.one(f"SELECT {columns} FROM fct_indicator_value WHERE area_code = '{area}'")


# Gate, counts of four releases, and what each of them shows.
CASES = (
    ("deaths", (30, 33, 36, 39), (30, 30, 30, 39)),  # what has come together is measured: 9 are let out
    ("staff", (30, 23, 23, 22), (30, 30, 30, 22)),
    ("deaths", (30, 33, 30, 30), (30, 30, 30, 30)),
    ("deaths", (2, 4, 10, 10), (None, None, 10, 10)),  # 1 or 2 people, then 4: 2 or 3 more
    ("deaths", (4, 2, 2, 12), (4, 4, 4, 12)),
    ("deaths", (0, 3, 0, 0), (0, 3, 0, 0)),  # beside 0 the 3 says no more than it does alone
    ("mh5", (6, 9, 14, 14), (5, 5, 15, 15)),
    ("hes2018", (12, 15, 12, 15), (10, 15, 10, 15)),
    ("open", (30, 33, 36, 37), (30, 33, 36, 37)),
)


@pytest.fixture(scope="module")
def four_releases(tmp_path_factory):
    """Numerators shown in four releases, by case: one indicator per gate, one month per case."""
    line, found = Line(tmp_path_factory.mktemp("line")), []
    cases = list(zip(months("2018-01", len(CASES)), CASES, strict=True))
    for step in range(4):
        warehouse = SmallWarehouse()
        for gate in {gate: None for gate, *_ in CASES}:
            warehouse.indicator(gate, method="count", disclosure_gate=gate)
        for month, (gate, counts, _) in cases:
            warehouse.counts([(month, LSOA_Q1, counts[step])], gate)
        figures = "SELECT indicator_id, period_id, numerator FROM rst_released_value"
        shown = {(i, month): n for i, month, n in line.release(warehouse).all(figures)}
        found.append([shown[gate, month] for month, (gate, *_) in cases])
    return list(zip(*found, strict=True))


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda i: f"{CASES[i][0]} {CASES[i][1]}")
def test_a_correction_is_held_until_it_stands_for_more_than_seven_people(four_releases, case):
    assert four_releases[case] == CASES[case][2]


# Deaths known between two releases that said 30 and 50, and what a view of that moment shows.
@pytest.mark.parametrize(("then", "shows"), [(40, 40), (33, 30), (48, 30), (30, 30), (50, 50)])
def test_a_view_of_the_past_gives_away_nobody_beside_the_releases_around_it(line, then, shows):
    for n in (30, 50):
        line.release(district(n))
    view = line.view(district(then), after=1)
    assert shown(view) == ("shown", shows, None if then == shows else HELD)


def test_a_view_before_the_first_release_stands_as_that_says(line):
    line.release(district(30))
    assert [shown(line.view(district(n), after=0))[1] for n in (28, 20)] == [30, 20]


def share_and_rate(n: int) -> SmallWarehouse:
    """A share of 100, and a standardised rate, which does not follow from its count."""
    warehouse = district(n, 100, "staff").indicator(
        "y", method="dsr", disclosure_gate="deaths", population_basis="person_years", population_min_age=65
    )
    bands = {"65-69": 20, "80-84": n - 20}
    return warehouse.counts((("2019-01", LSOA_Q1, x, None, None, band) for band, x in bands.items()), "y")


def test_a_held_figure_is_the_one_published_before_with_all_its_numbers(line):
    query = f"SELECT {NUMBERS} FROM rst_released_value ORDER BY indicator_id"
    before, after = (line.release(share_and_rate(n)) for n in (30, 33))
    assert after.all(query) == before.all(query)
    assert before.all(query)[0][:4] == ("shown", 30, 100, 30) and before.all(query)[1][1] == 30
    reasons = "SELECT DISTINCT status_reason FROM rst_released_value"
    assert (before.all(reasons), after.all(reasons)) == ([(None,)], [(HELD,)])


SHARES = {
    "2019-01": ((40, 100), (40, 103), True),  # the denominator
    "2019-02": ((40, 100), (80, 143), True),  # the rest
    "2019-03": ((40, 100), (80, 150), False),
    "2019-04": ((5, 100), (5, 103), True),  # hidden, but its denominator is shown
}


def test_denominators_and_those_a_share_does_not_count_are_people(line):
    for step in range(2):
        warehouse = SmallWarehouse().indicator(disclosure_gate="staff")
        line.release(warehouse.counts((m, LSOA_Q1, *case[step]) for m, case in SHARES.items()))
    reasons = dict(warehouse.all("SELECT period_id, status_reason FROM rst_released_value"))
    assert {m: reasons[m] == HELD for m in SHARES} == {m: held for m, (*_, held) in SHARES.items()}


def test_a_new_method_is_not_held_against_the_old_one(line):
    line.release(district(30))
    assert shown(line.release(district(33), {"x": "another"}))[1] == 33
    # Back to the first method: what was said by it is older than what was said by the other.
    assert shown(line.release(district(31)))[1] == 31


def test_what_was_hidden_in_between_is_held_against_the_release_before(line):
    """2 in another network hide the 12 for one release: who kept the one before knows it was 12."""
    assert shown(line.release(networks(20, 30, 12)), PCNS[2])[:2] == ("shown", 12)
    assert shown(line.release(networks(2, 30, 12)), PCNS[2])[0] == "suppressed_secondary"
    assert shown(line.release(networks(20, 30, 15)), PCNS[2]) == ("shown", 12, HELD)


def test_a_held_count_cannot_be_worked_out_from_the_counts_let_out(line):
    """The first network gets 4, the second 20: district minus networks would tell the 4."""
    line.release(networks(30, 30, 40))
    warehouse = line.release(networks(34, 50, 40))
    assert shown(warehouse, DISTRICT)[:2] == ("shown", 124)
    assert shown(warehouse, PCNS[0]) == ("shown", 30, HELD)
    assert [shown(warehouse, pcn)[0] for pcn in PCNS[1:]].count("suppressed_secondary") == 1
    assert attack(line.releases[-1].outcomes).exposed == ()
    _show_all(line.releases[-1].outcomes, {PCNS[1]: 50, PCNS[2]: 40})
    assert attack(line.releases[-1].outcomes).exposed == (f"x|{PCNS[0]}|2019-01|persons|all#numerator",)


def _show_all(path: Path, counts: dict[str, int]) -> None:
    """Harm done on purpose: what was hidden to protect others is shown."""
    with duckdb.connect() as con:
        con.execute(f"attach '{path}' as made")
        con.executemany(
            "update made.outcomes.fct_indicator_value set value_status = 'shown', numerator = ? "
            "where area_code = ? and value_status = 'suppressed_secondary'",
            [[n, area] for area, n in counts.items()],
        )


def test_the_singular_test_notices(line):
    test = render((PROJECT / "tests" / "held_figures_stay_as_published.sql").read_text("utf-8"))
    line.release(district(30))
    warehouse = line.release(district(33))
    assert warehouse.all(test) == []
    warehouse.con.execute("CREATE TABLE good AS FROM rst_released_value")
    for harm in ("numerator = 33", "status_reason = NULL"):
        warehouse.con.execute("CREATE OR REPLACE TABLE rst_released_value AS FROM good")
        warehouse.con.execute(f"UPDATE rst_released_value SET {harm}")
        assert warehouse.all(test) != []
