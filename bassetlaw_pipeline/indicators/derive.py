"""Files generated from the indicator registry, so that nothing about an indicator is written twice."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

import yaml

from bassetlaw_pipeline.disclosure.precision import MACRO_FILE, macros
from bassetlaw_pipeline.indicators.registry import Indicator, OfficialSeries, load_registry
from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR

# Columns every counts model returns, in this order, and the type the union gives them.
COUNT_COLUMNS = {
    "period_start": "date",
    "area_code": "varchar",
    "pcn_code": "varchar",
    "sex": "varchar",
    "age_band": "varchar",
    # Days, people and attendances are whole; money and staff time are not.
    "numerator": "decimal(18, 4)",
    "denominator": "decimal(18, 4)",
}

# Fields that become several columns of the seed, one column of joined values or another name, or none.
NESTED = {
    "id",
    "display_order",
    "baseline",
    "target",
    "population",
    "disclosure",
    "areas",
    "periods",
    "sexes",
    "age_groups",
    "source_extracts",
    "reference_extracts",
    "snapshot_extracts",
    "follow_up",
    "lag",
    "arrivals",
    "priced",
    "official_series",
    "parameters",
}


def outputs() -> dict[Path, str]:
    """Every generated file and its text."""
    indicators = list(load_registry().values())
    return {
        DBT_DIR / "seeds" / "registry" / "indicator_registry.csv": registry_csv(indicators),
        DBT_DIR / "seeds" / "registry" / "indicator_official_series.csv": official_series_csv(indicators),
        DBT_DIR / "models" / "indicators" / "int_indicator_counts.sql": union_model(indicators),
        DBT_DIR / "models" / "indicators" / "_counts__models.yml": counts_models(indicators),
        DBT_DIR / "macros" / "indicators" / "indicator_parameter.sql": parameters_macro(indicators),
        DBT_DIR / "macros" / "indicators" / "arrival_parts.sql": arrival_parts_macro(indicators),
        DBT_DIR / "macros" / "indicators" / "priced_totals.sql": priced_totals_macro(indicators),
        MACRO_FILE: macros(),
        PROJECT_DIR / "docs" / "indicators.md": method_statements(indicators),
    }


def registry_row(indicator: Indicator) -> dict[str, object]:
    """One row of the seed: flat columns; several values in one cell are joined by `|`."""
    row = indicator.model_dump(exclude=NESTED)
    baseline, target, population = indicator.baseline, indicator.target, indicator.population
    return row | {
        "value_title": indicator.title_of_value,
        "short_unit": indicator.short_unit or indicator.unit,
        "source_extracts": "|".join(indicator.extracts),
        "official_extracts": "|".join(indicator.official_extracts),
        "reference_extracts": "|".join(indicator.reference_extracts),
        "snapshot_extracts": "|".join(indicator.snapshot_extracts),
        "follow_up_months": indicator.follow_up.months or None,
        "follow_up_days": indicator.follow_up.days or None,
        "lag_months": indicator.lag.months or None,
        "lag_days": indicator.lag.days or None,
        "arrival_part": indicator.arrivals and indicator.arrivals.part,
        "area_types": "|".join(indicator.areas),
        "period_types": "|".join(indicator.periods),
        "sexes": "|".join(indicator.sexes),
        "age_groups": "|".join(indicator.age_groups),
        "restricted_area_types": "|".join(indicator.disclosure.restricted_areas),
        "official_area_types": "|".join(indicator.disclosure.official_areas),
        "disclosure_policy": indicator.disclosure.policy,
        "disclosure_gate": indicator.disclosure.gate,
        "denominator_of": indicator.disclosure.denominator,
        "sensitive": indicator.disclosure.sensitive or None,
        "institution_wards": indicator.disclosure.institution_wards,
        "baseline_value": baseline and baseline.value,
        "baseline_period": baseline and baseline.period,
        "baseline_source": baseline and baseline.source,
        "target_value": target and target.value,
        "target_date": target and target.due,
        "target_source": target and target.source,
        "population_basis": population and population.basis,
        "population_min_age": population and population.min_age,
        "population_max_age": population and population.max_age,
    }


def registry_csv(indicators: Iterable[Indicator]) -> str:
    """The registry as a dbt seed; an empty cell is NULL."""
    rows = [
        {"indicator_id": i.id, **registry_row(i), "display_order": order}
        for order, i in enumerate(indicators, start=1)
    ]
    return _csv(rows, list(rows[0]))


def official_series_csv(indicators: Iterable[Indicator]) -> str:
    """Which published series belong to which indicator, as a dbt seed; place 1 is taken first."""
    rows = [
        {"indicator_id": i.id, "place": place, **series.model_dump(), **_name_words(series)}
        for i in indicators
        for place, series in enumerate(i.official_series, start=1)
    ]
    return _csv(rows, ["indicator_id", "place", *OfficialSeries.model_fields])


def _name_words(series: OfficialSeries) -> dict[str, str]:
    return {"named": "|".join(series.named), "not_named": "|".join(series.not_named)}


def _csv(rows: Iterable[dict[str, object]], fields: list[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def union_model(indicators: Iterable[Indicator]) -> str:
    """SQL of the model that stacks all counts; each part is a ref, so lineage is known while parsing."""
    columns = ",\n    ".join(f"cast({name} as {kind}) as {name}" for name, kind in COUNT_COLUMNS.items())
    parts = (
        f"select\n    '{i.id}' as indicator_id,\n    {columns},\n    {_period_type(i)} as period_type\n"
        f"from {{{{ ref('ind_{i.id}') }}}}"
        for i in indicators
        if i.method != "published"
    )
    head = (
        "-- Generated by `bassetlaw sync` from dbt_project/indicators; do not edit.\n"
        "-- Grain: indicator × period_type × period_start × area_code × pcn_code × sex × age_band.\n"
    )
    return head + "\n\nunion all\n\n".join(parts) + "\n"


def _period_type(indicator: Indicator) -> str:
    """Only people are counted by kind of period; what is counted by month adds up."""
    return "period_type" if indicator.aggregation == "people" else "cast(null as varchar)"


COUNT_DESCRIPTIONS = {
    "period_start": "First day of the native grain.",
    "area_code": "LSOA 2011, practice, site or organisation, or the whole area; empty elsewhere.",
    "pcn_code": "Primary care network; empty when not known or not applicable.",
    "sex": "male or female; empty when not known.",
    "age_band": "Five-year age band, or that of a life table; empty when not known.",
    "numerator": "Events counted.",
    "denominator": "Out of how many; empty where the population is the denominator.",
}


def counts_models(indicators: Iterable[Indicator]) -> str:
    """dbt properties of every counts model: what its indicator is, and the columns they all share."""
    columns = [{"name": name, "description": text} for name, text in COUNT_DESCRIPTIONS.items()]
    of_people = [
        *columns,
        {"name": "period_type", "description": "Kind of period each person counts in once."},
    ]
    models = [
        {
            "name": f"ind_{i.id}",
            "description": f"{i.title}: {i.numerator_definition}",
            "columns": of_people if i.aggregation == "people" else columns,
        }
        for i in indicators
    ]
    head = "# Generated by `bassetlaw sync` from dbt_project/indicators; do not edit.\n"
    return head + _yaml({"version": 2, "models": models})


def _yaml(document: object) -> str:
    class Plain(yaml.SafeDumper):
        """Without anchors: every model names its columns."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    return yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=110)


def parameters_macro(indicators: Iterable[Indicator]) -> str:
    """Jinja macro `indicator_parameter(indicator_id, name)`: thresholds from the registry for the SQL."""
    parameters = {
        i.id: {k: _plain(v) for k, v in known.items()} for i in indicators if (known := _thresholds(i))
    }
    return (
        "{# Generated by `bassetlaw sync` from dbt_project/indicators; do not edit. #}\n"
        "{% macro indicator_parameter(indicator_id, name) -%}\n"
        f"  {{%- set parameters = {json.dumps(parameters, indent=4)} -%}}\n"
        "  {{ return(parameters[indicator_id][name]) }}\n"
        "{%- endmacro %}\n"
    )


def arrival_parts_macro(indicators: Iterable[Indicator]) -> str:
    """Jinja macro `arrival_parts(extract)`: parts of its rows that are followed by themselves."""
    parts: dict[str, dict[str, str]] = {}
    for i in indicators:
        if i.arrivals:
            parts.setdefault(i.counted_extracts[0], {})[i.arrivals.part] = i.arrivals.rows
    return (
        "{# Generated by `bassetlaw sync` from dbt_project/indicators; do not edit. #}\n"
        "{% macro arrival_parts(extract) -%}\n"
        f"  {{%- set parts = {json.dumps(parts, indent=4)} -%}}\n"
        "  {{ return(parts.get(extract, {})) }}\n"
        "{%- endmacro %}\n"
    )


def priced_totals_macro(indicators: Iterable[Indicator]) -> str:
    """Jinja macro `priced_totals()`: totals of money and the figures that each is made of."""
    totals = {i.id: i.priced.model_dump() for i in indicators if i.priced}
    return (
        "{# Generated by `bassetlaw sync` from dbt_project/indicators; do not edit. #}\n"
        "{% macro priced_totals() -%}\n"
        f"  {{{{ return({json.dumps(totals, indent=4)}) }}}}\n"
        "{%- endmacro %}\n"
    )


def _thresholds(indicator: Indicator) -> dict[str, float]:
    """What the SQL may ask for: the parameters, and the days of the follow-up."""
    days = indicator.follow_up.days
    return indicator.parameters | ({"follow_up_days": days} if days else {})


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def method_statements(indicators: Iterable[Indicator]) -> str:
    """docs/indicators.md: one method statement per indicator."""
    head = (
        "# Indicators: method statements\n\n"
        "Generated by `bassetlaw sync` from `dbt_project/indicators/`; do not edit.\n"
    )
    parts, objective = [head], None
    for indicator in indicators:
        if indicator.objective != objective:
            objective = indicator.objective
            parts.append(f"## {indicator.objective_title}\n")
        parts.append(_statement(indicator))
    return "\n".join(parts)


def _statement(i: Indicator) -> str:
    facts = {
        "Id": f"`{i.id}`",
        "Figure of a place": i.value_title,
        "Companion of": i.companion_of and f"`{i.companion_of}`",
        "Part of": i.part_of and f"`{i.part_of}`: its events are among those",
        "Workstream": i.workstream,
        "Plan wording": f"“{i.plan_wording}” ({i.plan_source})",
        "Definition": i.definition,
        "Numerator": i.numerator_definition,
        "Denominator": i.denominator_definition,
        "Unit and method": f"{i.unit}; {METHOD_NAMES[i.method]}",
        "Better is": {"up": "higher", "down": "lower"}[i.direction],
        "Official counterpart": i.official_code,
        "Sex": "" if i.sexes == ("persons",) else ", ".join(i.sexes),
        "Ages": ", ".join(i.age_groups),
        "Places": ", ".join(i.areas).replace("_", " "),
        "Periods": ", ".join(i.periods).replace("_", " "),
        "Baseline": i.baseline and f"{i.baseline.value:g} ({i.baseline.period}); {i.baseline.source}",
        "Target": i.target and f"{i.target.value:g}; {i.target.source}",
        "Extracts": ", ".join(f"`{e}`" for e in i.extracts),
        "Published series": "; ".join(map(_series, i.official_series)),
        "Owner": i.owner,
        "Disclosure": _disclosure_sentence(i),
        "Known after": _known_after(i),
        "Ended": f"{i.ends:%-d %B %Y}; nothing is shown after it" if i.ends else "",
        "Provisional": f"the last {i.provisional_months} months" if i.provisional_months else "",
        "Caution": i.caution,
        "Notes": i.notes,
    }
    lines = "\n".join(f"- **{name}**: {text}" for name, text in facts.items() if text)
    return f"### {i.title}\n\n{lines}\n"


def _known_after(i: Indicator) -> str:
    """How long a month waits for its outcomes and its late events, in words."""
    parts = [
        f"the outcome {i.follow_up} after the event; until then there is no figure" if i.follow_up else "",
        f"all its events {i.lag} later, with the files of that time; until then a figure is incomplete"
        if i.lag and not i.follow_up
        else f"then {i.lag} for the files that bring it"
        if i.lag
        else "",
    ]
    return "; ".join(part for part in parts if part)


def _series(series: OfficialSeries) -> str:
    """One published series in words."""
    number = "" if series.series == "all" else f" {series.series}"
    year = "" if series.years == "financial" else f"{series.years} years"
    split = [w for w in (series.sex if series.sex != "persons" else "", series.age, year) if w]
    return f"`{series.extract}`{number}" + (f" ({', '.join(split)})" if split else "")


METHOD_NAMES = {
    "proportion": "proportion, Wilson interval",
    "crude_rate": "crude rate, Byar's interval (exact below 10 events)",
    "dsr": "directly standardised rate, European standard population 2013, Dobson's interval",
    "smr": "standardised mortality ratio, Byar's interval (exact below 10 deaths)",
    "growth": "change on the same period a year before, Poisson interval of the ratio",
    "count": "count, Poisson interval",
    "ratio": "ratio of two full counts, no interval",
    "total": "sum, no interval",
    "life_expectancy": "life expectancy at birth, abridged life table (Chiang; Silcocks' variance)",
    "published": "value and interval as published",
}


def _disclosure_sentence(i: Indicator) -> str:
    official = ", ".join(i.disclosure.official_areas)
    published = f"; {official} figures are official statistics, shown as published" if official else ""
    occasions = "; the denominator counts nobody and is left as it is" * (
        i.disclosure.denominator != "people"
    )
    sensitive = "; sensitive: nobody and everybody of a small group are hidden, too" * i.disclosure.sensitive
    gate = f"policy `{i.disclosure.policy}`, local figures through `{i.disclosure.gate}`"
    opened = f": {i.disclosure.open_because} ({i.disclosure.open_source})" * bool(i.disclosure.open_because)
    wards = "; wards with a prison or a secure hospital are kept back" * (
        i.disclosure.institution_wards == "restricted"
    )
    return gate + opened + published + occasions + sensitive + wards
