"""SQL for the reference cases of SPC charts, through the macros; points and the summary per rebase group."""

from reference_cases import Case


def ptd_spc(case: Case) -> str:
    return f"""
        SELECT series, date, value AS y, rebase_group, mean AS mean_col, lower_limit AS lpl,
          upper_limit AS upl, side AS relative_to_mean, outside_limits, close_to_limits,
          special_cause AS special_cause_type,
          special_cause <> 'Common Cause' AS special_cause_flag, point_type,
          short_series AS short_group_warning, target, problem
        FROM ({_chart(case)}) ORDER BY _row"""


def summary(case: Case) -> str:
    """One row per series and rebase group; the icons belong to the last group."""
    return f"""
        SELECT *, CASE WHEN is_last THEN assurance END AS assurance_type,
          CASE WHEN is_last THEN variation END AS variation_icon,
          CASE WHEN is_last THEN regexp_replace(assurance, 'consistent_', '') END AS assurance_icon
        FROM (
          SELECT series, rebase_group, count(*) AS n, any_value(mean) AS mean_col,
            any_value(lower_limit) AS lpl, any_value(upper_limit) AS upl,
            count_if(point_type = 'common_cause') AS common_cause,
            count_if(point_type = 'special_cause_improvement') AS special_cause_improvement,
            count_if(point_type = 'special_cause_concern') AS special_cause_concern,
            count_if(point_type = 'special_cause_neutral_high') AS special_cause_neutral_high,
            count_if(point_type = 'special_cause_neutral_low') AS special_cause_neutral_low,
            arg_max(point_type, date) AS variation_type,
            {{{{ spc_variation('arg_max(point_type, date)', "'{_direction(case)}'") }}}} AS variation,
            {{{{ spc_assurance('any_value(target)', 'any_value(lower_limit)', 'any_value(upper_limit)',
                               "'{_direction(case)}'") }}}} AS assurance,
            rebase_group = max(rebase_group) OVER (PARTITION BY series) AS is_last
          FROM ({_chart(case)}) GROUP BY series, rebase_group)"""


def _direction(case: Case) -> str:
    return case.args["improvement_direction"]


def _chart(case: Case) -> str:
    series = "series" if "series" in case.columns() else "'no facet'"
    given = "".join(
        f", {key}={value!r}"
        for key, value in (
            ("screen", case.args.get("screen_outliers", True)),
            ("fix_after", case.args.get("fix_after_n_points")),
        )
    )
    points = f"(SELECT * REPLACE (date::DATE AS date), {series} AS series FROM input)"
    if series == "series":
        points = "(SELECT * REPLACE (date::DATE AS date) FROM input)"
    points = f"(SELECT *, {_of_series(case, 'target')} AS target, {_rebased(case)} AS starts FROM {points})"
    return (
        f"{{{{ spc_xmr(\"{points}\", ['series'], date='date', direction=\"'{_direction(case)}'\", "
        f"rebase='starts'{given}) }}}}"
    )


def _of_series(case: Case, argument: str) -> str:
    given = case.args.get(argument)
    if isinstance(given, dict):
        return "CASE series {} END".format(" ".join(f"WHEN '{s}' THEN {v}" for s, v in given.items()))
    return "NULL::DOUBLE" if given is None else f"{given}::DOUBLE"


def _rebased(case: Case) -> str:
    given = case.args.get("rebase") or {}
    pairs = given.items() if isinstance(given, dict) else [(None, given)]
    starts = [
        f"({_is(series)} AND date = DATE '{day}')"
        for series, days in pairs
        for day in ([days] if isinstance(days, str) else days)
    ]
    return " OR ".join(starts) or "false"


def _is(series: str | None) -> str:
    return "true" if series is None else f"series = '{series}'"


def rows_of_chart(case: Case) -> list[str]:
    return ["series", "date"]


NUMERIC = {"value"}
METHODS = {"ptd_spc": ptd_spc}
SUMMARIES = {"ptd_spc": (summary, ["series", "rebase_group"])}
ROW_KEYS = {"ptd_spc": rows_of_chart}
