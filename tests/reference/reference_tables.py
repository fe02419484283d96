"""SQL for the reference cases of quantiles and life tables, through the macros."""

from reference_cases import Case, Row
from reference_rates import limit_columns


def phe_mean(case: Case) -> str:
    keys = ", ".join(case.group_by) or "ALL_ROWS"
    limits = limit_columns(case, "mean_lower('v', confidence=%s)", "mean_upper('v', confidence=%s)")
    return f"""
        SELECT {keys}, {{{{ strict_sum('v') }}}} AS value_sum, count(*) AS value_count,
          {{{{ mean_stdev('v') }}}} AS stdev, {{{{ mean_value('v') }}}} AS value {limits}
        FROM (SELECT *, 'all' AS ALL_ROWS FROM input) GROUP BY {keys} ORDER BY min(_row)"""


def phe_quantile(case: Case) -> str:
    k, invert = case.args["nquantiles"], case.args["invert"]
    highest_first = "invert = 'true'" if isinstance(invert, str) else str(invert).lower()
    given = f"'value', {k}, partition_by={(', '.join(case.group_by) or None)!r}"
    return f"""
        SELECT *, CASE WHEN {highest_first} THEN {{{{ quantile_assignment({given}) }}}}
          ELSE {{{{ quantile_assignment({given}, highest_first=false) }}}} END AS quantile
        FROM input ORDER BY _row"""


def phe_life_expectancy(case: Case) -> str:
    limits = "".join(
        f", ci{{{{ interval_suffix({c}) }}}}_{end} AS {end}{s}cl"
        for s, c in case.levels.items()
        for end in ("lower", "upper")
    )
    given = f"'labelled', {case.group_by!r}, confidences={list(case.levels.values())}"
    return f"""
        WITH labelled AS (
          SELECT *, regexp_extract(startage, '[0-9]+')::INTEGER AS age_start FROM input
        )
        SELECT * EXCLUDE (population, deaths), value {limits}, population_used AS pops_used,
          deaths_used AS dths_used
        FROM ({{{{ life_expectancy({given}) }}}})
        JOIN labelled USING ({", ".join([*case.group_by, "age_start"])})
        WHERE {_ages(case)} ORDER BY {", ".join([*case.group_by, "age_start"])}"""


def _ages(case: Case) -> str:
    wanted = case.args.get("le_age", "all")
    if wanted == "all":
        return "true"
    return "startage IN ({})".format(", ".join(f"'{age}'" for age in wanted))


def rows_of_quantile(case: Case) -> list[str]:
    """Columns that tell the rows of a quantile case apart: whatever is not the value or an option."""
    return [name for name in case.columns() if name not in ("value", "invert")]


def rows_of_life_table(case: Case) -> list[str]:
    return [*case.group_by, "startage"]


def nobody_left(case: Case) -> list[Row]:
    """Above an age that nobody reaches R says 0 years without limits; the macro says NULL (METHODS 14)."""
    limits = [name for name in case.expected[0] if name.startswith(("lower", "upper"))]
    return [
        {**row, "value": None} if row["value"] == "0" and all(row[name] == "NaN" for name in limits) else row
        for row in case.expected
    ]


NUMERIC = {"v", "value", "population", "deaths"}
METHODS = {"phe_mean": phe_mean, "phe_quantile": phe_quantile, "phe_life_expectancy": phe_life_expectancy}
ROW_KEYS = {"phe_quantile": rows_of_quantile, "phe_life_expectancy": rows_of_life_table}
EXPECTED = {"phe_life_expectancy": nobody_left}
