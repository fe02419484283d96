"""SQL for the reference cases of funnel plots, through the macros."""

from reference_cases import Case
from reference_comparison import Tolerance

LIMITS = ["lower95", "upper95", "lower998", "upper998"]
R_NAMES = dict(zip(LIMITS, ["lower_2s", "upper_2s", "lower_3s", "upper_3s"], strict=True))


def _columns(case: Case) -> tuple[str, str]:
    """Numerator and denominator of the statistic as SQL over the input's columns."""
    if case.args["statistic"] == "ratio":
        return "obs", "expected"
    if case.args["statistic"] == "proportion":
        return "numerator", "denominator"
    return case.args["numerator"], f"{{{{ funnel_denominator({_rate(case)}) }}}}"


def _rate(case: Case) -> str:
    args = case.args
    return (
        f"'{args['numerator']}', '{args['rate']}', rate_type='{args['rate_type']}', "
        f"multiplier={args['multiplier']}, denominator='{args.get('denominator', 'NULL')}'"
    )


def calculate_funnel_limits(case: Case) -> str:
    statistic, args = case.args["statistic"], case.args
    numerator, denominator = _columns(case)
    ratio = args.get("ratio_type")
    years, multiplier = args.get("years_of_data", 1), 1 if ratio == "count" else args["multiplier"]
    shift = " - 1" if ratio == "count" else ""
    x = {"proportion": "Population", "ratio": "Observed_events", "rate": "Events"}[statistic]
    at = {"proportion": None, "ratio": "exp_events", "rate": "population_1_year"}[statistic]
    limits = "".join(
        f", {name}{shift} AS {r}_limit" + (f", {name}_x AS {r}_{at}" if at else "")
        for name, r in R_NAMES.items()
    )
    given = f"'areas', '{statistic}', 'num', 'den', multiplier={multiplier}, years={years}"
    return f"""
        WITH areas AS (SELECT {numerator} AS num, {denominator} AS den FROM input)
        SELECT point, x AS {x}, average * {multiplier} AS baseline {limits}
        FROM ({{{{ funnel_chart({given}) }}}}) ORDER BY point"""


def assign_funnel_significance(case: Case) -> str:
    numerator, denominator = _columns(case)
    rate_type = case.args.get("rate_type")
    verdict = {
        "proportion": "{{ funnel_significance_proportion('num', 'den', 'average') }}",
        "ratio": "{{ funnel_significance_ratio('num', 'den') }}",
        "rate": f"{{{{ funnel_significance_rate('num', 'den', 'average', {rate_type!r}) }}}}",
    }[case.args["statistic"]]
    problem = "{{ proportion_problem('num', 'den') }}" if case.args["statistic"] == "proportion" else "NULL"
    return f"""
        SELECT *, {verdict} AS significance, {problem} AS problem FROM (
          SELECT *, sum(num) OVER () / sum(den) OVER () AS average
          FROM (SELECT *, {numerator} AS num, {denominator} AS den FROM input))
        ORDER BY _row"""


def calculate_funnel_points(case: Case) -> str:
    args = case.args
    point = f"'{args['numerator']}', '{args['rate']}', '{args['rate_type']}'"
    return f"""
        SELECT *, {{{{ funnel_point_rate({point}) }}}} AS {args["rate"]}_chart,
          {{{{ funnel_point_population({_rate(case)}, years={args["years_of_data"]}) }}}}
            AS denominator_derived
        FROM input ORDER BY _row"""


def bisected(case: Case) -> dict[str, Tolerance]:
    """R finds Poisson funnel limits by a coarse bisection; the closed product is the more exact one."""
    if case.args["statistic"] == "proportion":
        return {}
    names = [column for column in case.expected[0] if column.startswith(("lower_", "upper_"))]
    return dict.fromkeys(names, Tolerance(relative=3e-4))


NUMERIC = {"numerator", "denominator", "obs", "expected", "count", "dsr", "pop", "crude", "rate"}
METHODS = {
    "calculate_funnel_limits": calculate_funnel_limits,
    "assign_funnel_significance": assign_funnel_significance,
    "calculate_funnel_points": calculate_funnel_points,
}
TOLERANCES = {"calculate_funnel_limits": bisected}
