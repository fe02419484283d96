"""The outsider reads a release as anybody would, and names the cells that it gives away."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from test_attacks import DEATHS, DIED, EVERYBODY, EVERYBODY_WEIGHTS, FULL, WARDS, byar, gap_of, rounded

from bassetlaw_pipeline.disclosure.attacks.outsider import recovered
from bassetlaw_pipeline.disclosure.attacks.precision import Precision
from bassetlaw_pipeline.settings import DBT_DIR

AGES = [f"{a}-{a + 4}" for a in range(10, 90, 5)] + ["90+"]
TABLES = """
    create table dim_period (period_id varchar, period_start date, period_end date);
    create table dim_area (area_code varchar, area_type varchar, institution varchar, population bigint);
    create table fct_population (area_code varchar, list varchar, population_year int, age_from int,
        age_band varchar, population double, is_estimated boolean);
    create table fct_inequality (indicator_id varchar, period_id varchar, wards int, gap double,
        gap_ci95_lower double, gap_ci95_upper double);
    create table fct_indicator_value (indicator_id varchar, area_code varchar, period_id varchar, sex varchar,
        age_band varchar, value_status varchar, numerator double, denominator double, value double,
        ci95_lower double, ci95_upper double, ci998_lower double, ci998_upper double, method varchar,
        policy varchar);
    create table fct_delivery (delivery_id varchar, partner varchar, extract varchar, first_month date,
        last_month date, rows_in bigint, accepted bigint, quarantined bigint, rejected bigint,
        non_data bigint, verdict varchar);
    create table fct_supply (partner varchar, extract varchar, month_start date, deliveries bigint,
        set_aside_share double);
    insert into dim_area values ('D', 'district', null, 0);
    insert into dim_period values ('FY2016-17-Q1', '2016-04-01', '2016-06-30'),
        ('FY2017-18-Q1', '2017-04-01', '2017-06-30'), ('P3-2018-2020', '2018-01-01', '2020-12-31'),
        ('FY2019-20', '2019-04-01', '2020-03-31');
"""


@pytest.fixture
def release():
    with duckdb.connect() as con:
        con.execute(TABLES)
        yield con


def figure(con, indicator, period, method, policy, numerator, denominator, *numbers, area="D", sex="persons"):
    numbers = [*numbers, *[None] * (5 - len(numbers))]
    row = [
        indicator,
        area,
        period,
        sex,
        "all",
        "shown",
        numerator,
        denominator,
        *numbers,
        method,
        policy,
    ]
    con.execute(f"insert into fct_indicator_value values ({', '.join('?' * len(row))})", row)


def ways(con) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in recovered(con, "memory.main"):
        found.setdefault(one.way, []).append(one.key)
    return found


@pytest.mark.parametrize(
    "nobody, sex, half", [([], "persons", 1), ([16], "persons", 1), ([], "female", 2)],
    ids=["everybody", "nobody of the oldest", "women, who are half"],
)  # fmt: skip
@pytest.mark.parametrize("precision, given_away", [(FULL, True), (Precision(1, 2), False)])
def test_ages_of_three_years_of_deaths(release, precision, given_away, nobody, sex, half):
    people, deaths = np.rint(EVERYBODY), DEATHS.copy()
    people[nobody], deaths[nobody] = 0, 0
    rows = [
        ("D", "resident", year, age, band, half * n, False)
        for year in (2018, 2019, 2020)
        for age, band, n in zip(range(10, 95, 5), AGES, people, strict=True)
    ]
    release.executemany("insert into fct_population values (?, ?, ?, ?, ?, ?, ?)", rows)
    with np.errstate(divide="ignore"):
        u = np.where(people > 0, 100_000 * EVERYBODY_WEIGHTS / EVERYBODY_WEIGHTS.sum() / (3 * people), 0)
    value, spread, total = u @ deaths, np.sqrt(u**2 @ deaths / deaths.sum()), int(deaths.sum())
    limits = [value + spread * (byar(total, z, side) - total) for z in (1.959963984540054, 3.090232306167813)
              for side in ("lower", "upper")]  # fmt: skip
    numbers = [rounded(float(n), precision) for n in (value, *limits)]
    figure(
        release, "suicide_rate", "P3-2018-2020", "dsr", "deaths", total, people.sum() * 3, *numbers, sex=sex
    )
    expected = {"standardised rate": [f"suicide_rate|D|P3-2018-2020|{sex}|all"]} if given_away else {}
    assert ways(release) == expected


@pytest.mark.parametrize("unit, limits, given_away", [(1, 1, True), (25, 25, False)])
def test_wards_behind_a_gap(release, unit, limits, given_away):
    """Wards of one age group whose reference rate makes their expected deaths."""
    died, scale = (DIED, 1) if given_away else (np.array([31, 14, 13, 20, 16, 29, 21, 13, 38, 9]), 8)
    seed = DBT_DIR / "seeds" / "reference" / "mortality_rate_u75_synthetic.csv"
    rate = release.execute(f"""select rate_per_100000 from '{seed}'
        where cause_group = 'coronary_heart_disease' and age_band = '70-74'""").fetchone()[0]  # fmt: skip
    for ward, expected in enumerate(scale * WARDS):
        release.execute("insert into dim_area values (?, 'ward', null, 0)", [f"W{ward}"])
        for year in (2019, 2020):
            row = [f"W{ward}", "resident", year, 70, "70-74", round(expected * 100_000 / rate), False]
            release.execute("insert into fct_population values (?, ?, ?, ?, ?, ?, ?)", row)
    told = gap_of(died, scale * WARDS, unit, limits)
    middle = [sum(ends) / 2 for ends in (told.gap, told.lower, told.upper)]
    row = ["u75_chd_smr_ward_gap", "FY2019-20", len(WARDS), *middle]
    release.execute("insert into fct_inequality values (?, ?, ?, ?, ?, ?)", row)
    key = "u75_chd_smr_ward_gap|FY2019-20"
    assert ways(release) == ({"gap between wards": [key]} if given_away else {})


@pytest.mark.parametrize("unit, given_away", [(0.01, True), (25_000, False)])
def test_counts_behind_value_for_money(release, unit, given_away):
    then, now = "FY2016-17-Q1", "FY2017-18-Q1"
    for area, admitted, seen in (("D", (261, 223), (2915, 2806)), ("E", (118, 126), (1404, 1322))):
        release.execute("insert into dim_area values (?, 'pcn', null, 0)", [area])
        for period, n, firsts, cost in zip((then, now), admitted, seen, (90_000.5, 81_234.25), strict=True):
            for indicator, count in (
                ("emergency_admissions_low_grade", n),
                ("first_outpatients_total", firsts),
            ):
                shown = 5 * ((count + 2) // 5)
                figure(release, indicator, period, "count", "hes2018", shown, None, shown, area=area)
            figure(release, "prescribing_cost_total", period, "total", "open", cost, None, cost, area=area)
        saved = 2232 * (admitted[0] - admitted[1]) + 151 * (seen[0] - seen[1]) + 90_000.5 - 81_234.25
        saved = unit * round(saved / unit)
        figure(release, "value_for_money", now, "total", "open", saved, None, saved, area=area)
    keys = [f"value_for_money|{area}|{now}|persons|all" for area in ("D", "E")]
    assert ways(release) == ({"total of rounded counts": keys} if given_away else {})


@pytest.mark.parametrize(
    "values, given_away", [((100 * 11 / 29, 100 * 61 / 99), True), ((33.3, 60.0), False)]
)
def test_counts_behind_percentages(release, values, given_away):
    """Shown 10 of 30 and 60 of 100."""
    release.execute("insert into dim_area values ('E', 'pcn', null, 0)")
    for area, n, d, value in zip(("D", "E"), (10, 60), (30, 100), values, strict=True):
        figure(release, "ucr_two_hour", "FY2019-20", "proportion", "hes2018", n, d, value, area=area)
    keys = [f"ucr_two_hour|{area}|FY2019-20|persons|all" for area in ("D", "E")]
    assert ways(release) == ({"value beside rounded counts": keys} if given_away else {})


def test_a_life_expectancy_is_told_to_a_tenth_of_a_year(release):
    figure(
        release,
        "life_expectancy_ward_gap_female",
        "FY2019-20",
        "life_expectancy",
        "hes2018",
        60,
        9000,
        81.8,
        80.1,
    )
    assert ways(release) == {}
    figure(
        release,
        "life_expectancy_ward_gap_female",
        "P3-2018-2020",
        "life_expectancy",
        "hes2018",
        60,
        9000,
        81.8043,
    )
    assert list(ways(release)) == ["life expectancy finer than a tenth of a year"]


@pytest.mark.parametrize("rows, share, way", [
    ((1000, 990, 10, None, 0), 0.01, None),
    ((1000, 990, 10, None, 0), 0.012, "share of the rows of a file"),
    ((1003, 995, 8, None, 0), 0.008, "exact rows of a file"),
])  # fmt: skip
def test_rows_of_files(release, rows, share, way):
    """A share made from the rows as shown says nothing; 0.012 of about 1,000 is 12."""
    delivery = ["d", "p", "x", "2019-04-01", "2019-04-30", *rows, "accepted"]
    release.execute(f"insert into fct_delivery values ({', '.join('?' * len(delivery))})", delivery)
    release.execute("insert into fct_supply values ('p', 'x', '2019-04-01', 1, ?)", [share])
    assert list(ways(release)) == ([way] if way else [])
