"""SQL for the reference cases of proportions, rates, standardised rates and means, through the macros."""

from reference_cases import Case


def limit_columns(case: Case, lower: str, upper: str) -> str:
    """Two columns per confidence level; `lower` and `upper` are macro calls with a %s for the level."""
    return "".join(
        f", {{{{ {lower % level} }}}} AS lower{suffix}cl, {{{{ {upper % level} }}}} AS upper{suffix}cl"
        for suffix, level in case.levels.items()
    )


def summed(case: Case, columns: list[str]) -> str:
    """The input summed per group (the macros' own rule for missing values), or row by row without groups."""
    if not case.group_by:
        return "input"
    keys = ", ".join(case.group_by)
    sums = ", ".join(f"{{{{ strict_sum('{column}') }}}} AS {column}" for column in columns)
    return f"(SELECT {keys}, {sums}, min(_row) AS _row FROM input GROUP BY {keys})"


def phe_rate(case: Case) -> str:
    m = case.args.get("multiplier", 100000)
    limits = limit_columns(
        case,
        f"crude_rate_lower('x', 'n', confidence=%s, multiplier={m})",
        f"crude_rate_upper('x', 'n', confidence=%s, multiplier={m})",
    )
    return f"""
        SELECT *, {{{{ crude_rate_value('x', 'n', multiplier={m}) }}}} AS value {limits},
          {{{{ poisson_limit_method('x') }}}} AS method, {{{{ crude_rate_problem('x', 'n') }}}} AS problem
        FROM {summed(case, ["x", "n"])} ORDER BY _row"""


def phe_proportion(case: Case) -> str:
    m = case.args.get("multiplier", 1)
    limits = limit_columns(
        case,
        f"wilson_lower('x', 'n', confidence=%s, multiplier={m})",
        f"wilson_upper('x', 'n', confidence=%s, multiplier={m})",
    )
    return f"""
        SELECT *, {{{{ proportion_value('x', 'n', multiplier={m}) }}}} AS value {limits},
          {{{{ proportion_problem('x', 'n') }}}} AS problem
        FROM {summed(case, ["x", "n"])} ORDER BY _row"""


def calculate_dsr(case: Case) -> str:
    keys = ", ".join(case.group_by) or "ALL_ROWS"
    repeated = case.args.get("independent_events") is False
    weight = "stdpop" if "stdpop" in case.columns() else "NULL::DOUBLE"
    given = f"'x', 'n', '{weight}', multiplier={case.args.get('multiplier', 100000)}" + (
        ", frequency='freq'" if repeated else ""
    )
    problem = f"'x', 'n', '{weight}'" + (", frequency='freq', stratum='ageband'" if repeated else "")
    limits = limit_columns(case, f"dsr_lower({given}, confidence=%s)", f"dsr_upper({given}, confidence=%s)")
    population = "sum(n) / count(DISTINCT freq)" if repeated else "sum(n)"
    total = "dsr_total('x', 'freq')" if repeated else "dsr_total('x')"
    return f"""
        SELECT {keys}, {{{{ {total} }}}} AS total_count, {population} AS total_pop,
          {{{{ dsr_value({given}) }}}} AS value {limits}, {{{{ dsr_problem({problem}) }}}} AS problem
        FROM (SELECT *, 'all' AS ALL_ROWS FROM input) GROUP BY {keys} ORDER BY min(_row)"""


def _indirect(case: Case) -> str:
    keys = ", ".join(case.group_by) or "ALL_ROWS"
    total = "max(observed)" if case.args.get("observed_totals") else "{{ observed_events('x') }}"
    count = "observed" if case.args.get("observed_totals") else "x"
    multiplier = case.args.get("multiplier", 100000)
    return f"""
        SELECT {keys}, {total} AS observed, {{{{ expected_events('x_ref', 'n_ref', 'n') }}}} AS expected,
          {{{{ reference_rate('x_ref', 'n_ref', multiplier={multiplier}) }}}} AS ref_rate,
          {{{{ isr_problem('{count}', 'n', 'x_ref', 'n_ref') }}}} AS problem, min(_row) AS _row
        FROM (SELECT *, 'all' AS ALL_ROWS FROM input) GROUP BY {keys}"""


def calculate_ISRatio(case: Case) -> str:
    scale = case.args.get("refvalue", 1)
    limits = limit_columns(
        case,
        f"smr_lower('observed', 'expected', confidence=%s, ref_value={scale})",
        f"smr_upper('observed', 'expected', confidence=%s, ref_value={scale})",
    )
    return f"""
        SELECT *, {{{{ smr_value('observed', 'expected', ref_value={scale}) }}}} AS value {limits},
          {{{{ poisson_limit_method('observed') }}}} AS method
        FROM ({_indirect(case)}) ORDER BY _row"""


def calculate_ISRate(case: Case) -> str:
    limits = limit_columns(
        case,
        "israte_lower('observed', 'expected', 'ref_rate', confidence=%s)",
        "israte_upper('observed', 'expected', 'ref_rate', confidence=%s)",
    )
    return f"""
        SELECT *, {{{{ israte_value('observed', 'expected', 'ref_rate') }}}} AS value {limits},
          {{{{ poisson_limit_method('observed') }}}} AS method
        FROM ({_indirect(case)}) ORDER BY _row"""


NUMERIC = {"x", "n", "stdpop", "freq", "x_ref", "n_ref", "observed"}
METHODS = {
    "phe_rate": phe_rate,
    "phe_proportion": phe_proportion,
    "calculate_dsr": calculate_dsr,
    "calculate_ISRatio": calculate_ISRatio,
    "calculate_ISRate": calculate_ISRate,
}
