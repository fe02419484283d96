"""What is told of the numbers behind published figures: tables that the attacks read."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from bassetlaw_pipeline.disclosure.attacks.standardised import MOST_EVENTS
from bassetlaw_pipeline.disclosure.difference import rules
from bassetlaw_pipeline.settings import DBT_DIR

NUMBERS = ("value", "ci95_lower", "ci95_upper", "ci998_lower", "ci998_upper")
COUNTS = (
    "numerator",
    "denominator",
    "least",
    "most",
    "denominator_least",
    "denominator_most",
    "denominator_off",
)
_SEEDS = DBT_DIR / "seeds"
_FACTS = {
    "registry": "registry/indicator_registry.csv",
    "esp2013": "statistics/esp2013.csv",
    "synthetic_rate": "reference/mortality_rate_u75_synthetic.csv",
    "unit_price": "reference/unit_price.csv",
}
_PUBLISHED = (
    "dim_period",
    "dim_area",
    "fct_population",
    "fct_inequality",
    "fct_indicator_value",
    "fct_delivery",
    "fct_supply",
)


def write_facts(con: duckdb.DuckDBPyConnection, schema: str, public: str | None = None) -> None:
    """What the attacks read, as temporary tables: registry, rules, counts and their ranges, people by age."""
    con.execute("create temp table rule (policy varchar, hide_to integer, round_to integer, lumps boolean)")
    declared = [(name, rule.hide_to, rule.round_to, name == "screening") for name, rule in rules().items()]
    con.executemany("insert into rule values (?, ?, ?, ?)", declared)
    for name, path in _FACTS.items():
        con.execute(f"create temp view {name} as from read_csv('{_SEEDS / path}', header = true)")
    for name in _PUBLISHED:
        con.execute(f"create temp view {name} as from {schema}.{name}")
    con.execute(_REFERENCE_OF_MODELS.format(public=public) if public else _REFERENCE_OF_SEED)
    con.execute(COUNTED)
    con.execute(_EXPOSURE)
    con.execute(PEOPLE)


# Grain: published value. What a reader knows of its counts: `least` and `most`, the same where it is exact.
COUNTED = """
    create temp table counted as
    select
        value.* exclude (policy), registry.multiplier, registry.denominator_of,
        registry.independent_events, coalesce(registry.precision, '') as precision,
        concat_ws('|', value.indicator_id, area_code, period_id, value.sex, value.age_band) as key,
        coalesce(rule.round_to, 1) > 1 and numerator > 0 as is_rounded,
        case when is_rounded and numerator = 5 and lumps then 0
            when is_rounded then greatest(numerator - 2, hide_to + 1) else numerator end as least,
        case when is_rounded then numerator + 2 else numerator end as most,
        coalesce(rule.round_to, 1) > 1 and denominator > 0 and registry.denominator_of = 'people'
            and value.method in ('proportion', 'growth', 'ratio') as is_denominator_rounded,
        case when is_denominator_rounded and denominator = 5 and lumps then 0
            when is_denominator_rounded then greatest(denominator - 2, hide_to + 1) else denominator end
            as denominator_least,
        case when is_denominator_rounded then denominator + 2 else denominator end as denominator_most,
        case when is_denominator_rounded then 0 else 0.05 end as denominator_off
    from fct_indicator_value as value
    join registry on registry.indicator_id = value.indicator_id
    left join rule on rule.policy = value.policy
    where value_status <> 'official'
"""

# Grain: standardised indicator, area, period, sex and age band: people as the figure counts them, and how far
# off they may be, for lists are published to the nearest 5 and years between two estimates to a tenth. Of one
# sex they are the share that others know of, taken for exact.
PEOPLE = """
    create temp table people as
    with counted_for as (
        select
            registry.indicator_id, exposure.period_id, population.area_code, population.age_band, sexes.sex,
            population.population
                * case sexes.sex when 'persons' then 1 else coalesce(share, 0.5) end as population,
            case registry.population_basis when 'person_years' then person_years
                when 'person_days' then person_days else persons end as exposed,
            case when population.list = 'registered' then 2.5
                when population.is_estimated then 0.5 else 0 end as off
        from (select * from registry where method = 'dsr') as registry
        cross join exposure
        cross join (select unnest(['persons', 'female', 'male']) as sex) as sexes
        join fct_population as population on population.population_year = exposure.population_year
            and population.age_from >= registry.population_min_age
            and population.age_from <= coalesce(registry.population_max_age, 150)
        join dim_area as area on area.area_code = population.area_code
            and population.list = case area.area_type when 'pcn' then 'registered' else 'resident' end
        left join sex_share
            on sex_share.area_code = population.area_code and sex_share.list = population.list
            and sex_share.age_from = population.age_from and sex_share.sex = sexes.sex
    )
    select indicator_id, area_code, period_id, sex, age_band,
        sum(population * exposed) as people, sum(off * exposed) as people_off
    from counted_for
    group by all
"""

# Grain: period and year: how much of the year is in the period; `persons` is 1 in the year of its middle.
_EXPOSURE = """
    create temp table exposure as
    with month as (
        select period_id, period_start, ((period_end - period_start) // 2)::integer as half_of_it,
            unnest(generate_series(period_start, period_end, interval 1 month))::date as month_start
        from dim_period
    )
    select period_id, year(month_start) as population_year, count(*) / 12.0 as person_years,
        sum(day(last_day(month_start))) as person_days,
        max((month_start = date_trunc('month', period_start + half_of_it))::integer) as persons
    from month
    group by all
"""

# Grain of reference_rate: cause, sex, age band and year; of sex_share: place, list, age and sex.
_REFERENCE_OF_MODELS = """
    create temp view reference_rate as from {public}.int_reference_rate;
    create temp view sex_share as from {public}.int_population_sex
"""
_REFERENCE_OF_SEED = """
    create temp view reference_rate as
    select cause_group, sex, age_band, population_year as year, rate_per_100000
    from synthetic_rate
    cross join (select distinct population_year from fct_population)
    cross join (select unnest(['female', 'male']) as sex);
    create temp view sex_share as
    select '' as area_code, '' as list, 0 as age_from, '' as sex, 0.5 as share where false
"""

RATES = f"""
    select counted.key, counted.indicator_id, any_value(method) as method, any_value(precision) as precision,
        any_value(numerator) as numerator,
        any_value(least) as least, any_value(most) as most,
        {", ".join(f"any_value({name}) as {name}" for name in NUMBERS)},
        list(multiplier * standard_population / people order by people.age_band)
            filter (where people > 0) as weights,  -- nobody, no events
        sum(standard_population) as all_weights,
        any_value(coalesce(independent_events, true)) as independent_events,
        coalesce(max(people_off / people) filter (where people > 0), 0) as slack
    from counted
    join people using (indicator_id, area_code, period_id, sex)
    join esp2013 on esp2013.age_band = people.age_band
    where method = 'dsr' and counted.age_band = 'all'
        and value is not null and numerator between 1 and {MOST_EVENTS}
    group by counted.key, counted.indicator_id
    order by counted.key
"""

SHARES = f"""
    select key, indicator_id, method, precision, multiplier, numerator, denominator, least, most,
        denominator_least, denominator_most, denominator_off, {", ".join(NUMBERS[:3])}
    from counted
    where method in ('proportion', 'crude_rate', 'growth', 'ratio', 'smr') and value is not null
        and numerator is not null and denominator is not null
    order by key
"""

# Wards that are published themselves hide nothing behind their gap: it is made from their figures. A gap of
# fewer wards is one without the wards of institutions; their deaths are among the district's all the same.
GAPS = """
    with expected as (
        select registry.indicator_id, period_id, area_code, area.institution is not null as has_institution,
            sum(rate_per_100000 / 100000 * population.population * person_years * coalesce(share, 0.5))
                as expected
        from (select * from registry where method = 'smr') as registry
        cross join exposure
        join fct_population as population using (population_year)
        join dim_area as area using (area_code)
        join reference_rate as reference on reference.cause_group = registry.standard
            and reference.age_band = population.age_band and reference.year = population_year
        left join sex_share using (area_code, list, age_from, sex)
        where area.area_type = 'ward' and list = 'resident'
            and age_from between registry.population_min_age and registry.population_max_age
        group by all
    ),
    district as (
        select indicator_id, period_id, least, most
        from counted
        join dim_area as area using (area_code)
        where area.area_type = 'district' and sex = 'persons' and age_band = 'all' and numerator is not null
    )
    select concat_ws('|', gap.indicator_id, gap.period_id) as key, gap, gap_ci95_lower, gap_ci95_upper,
        list(expected order by expected.area_code) as expected,
        case when any_value(gap.wards) < any_value(all_wards.wards) then 0
            else coalesce(any_value(district.least), 0) end::double as least,
        coalesce(any_value(district.most), 1e6)::double as most
    from fct_inequality as gap
    join (select indicator_id, period_id, count(*) as wards from expected group by all) as all_wards
        using (indicator_id, period_id)
    join expected on expected.indicator_id = gap.indicator_id and expected.period_id = gap.period_id
        and not (expected.has_institution and gap.wards < all_wards.wards)
    left join district on district.indicator_id = gap.indicator_id and district.period_id = gap.period_id
    where gap is not null
    group by gap.indicator_id, gap.period_id, gap, gap_ci95_lower, gap_ci95_upper
    order by key
"""

# A row of a partner's file is a person, as a rule: rows are told like counts of people.
EXACT_ROWS = """
    select concat_ws('|', extract, delivery_id) as key
    from fct_delivery
    where greatest(rows_in % 5, accepted % 5, quarantined % 5, rejected % 5, non_data % 5) > 0
    order by key
"""

# Months that one delivery covers: their share is that of its rows.
SET_ASIDE = """
    select concat_ws('|', supply.extract, strftime(month_start, '%Y-%m')) as key,
        quarantined::double as numerator, rows_in::double as denominator, set_aside_share as value
    from fct_supply as supply
    join fct_delivery as delivery on delivery.partner = supply.partner and delivery.extract = supply.extract
        and month_start between first_month and last_month and verdict <> 'rejected'
    where deliveries = 1 and set_aside_share is not null and quarantined > 0 and rows_in > 0
    qualify count(*) over (partition by supply.partner, supply.extract, month_start) = 1
    order by key
"""

FINE_LIFE_EXPECTANCIES = """
    select key from counted
    where method = 'life_expectancy'
        and greatest(abs(value - round(value, 1)), abs(ci95_lower - round(ci95_lower, 1))) > 1e-9
    order by key
"""


def priced(total: str, parts: Sequence[str], base: str) -> str:
    """A total with the changes of its parts since the same months of a base year; how far each may be off."""
    columns = [
        f"then_{i}.numerator - now_{i}.numerator as change_{i}, "
        f"(then_{i}.most - then_{i}.least + now_{i}.most - now_{i}.least) / 2 as slack_{i}"
        for i in range(len(parts))
    ]
    same_months = f"'{base}' || substr(total.period_id, {len(base) + 1})"
    joins = [
        f"join counted as {when}_{i} on {when}_{i}.area_code = total.area_code "
        f"and {when}_{i}.indicator_id = '{part}' and {when}_{i}.period_id = {period} "
        f"and {when}_{i}.numerator is not null"
        for i, part in enumerate(parts)
        for when, period in (("then", same_months), ("now", "total.period_id"))
    ]
    return (
        f"select total.key, total.value, {', '.join(columns)} from counted as total {' '.join(joins)} "
        f"where total.indicator_id = '{total}' and total.value is not null order by total.key"
    )
