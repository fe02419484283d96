"""SQL for the reference cases of the slope index of inequality, and their simulated columns."""

from reference_cases import Case, Row

VALUE_TYPES = {0: "mean", 1: "rate", 2: "proportion"}
SIMULATION_ERRORS = 5  # README: R's mean of ten runs, plus or minus five of their standard deviations


def phe_sii(case: Case) -> str:
    args = case.args
    levels = {s or "95_0": c for s, c in case.levels.items()}
    names = ", ".join(
        f"{index}_ci{{{{ interval_suffix({c}) }}}}_{end} AS {index}_{end}{s}{suffix}"
        for index in ("sii", "rii")
        for s, c in levels.items()
        for end in ("lower", "upper")
        for suffix in ("", "_exact")
    )
    value = "count / population" if args.get("use") == "x" else "value"
    spread = "se='se'" if args.get("use") == "se" else "lower='lower_cl', upper='upper_cl'"
    return f"""
        SELECT *, {names} FROM ({{{{ slope_index('input', {case.group_by!r}, value='{value}', {spread},
          value_type='{VALUE_TYPES[args["value_type"]]}', transform={args.get("transform", False)},
          multiplier={args.get("multiplier", 1)}, confidences={list(levels.values())}) }}}})"""


def without_dropped_groups(case: Case, actual: list[dict]) -> list[dict]:
    """R returns no row for a group that lacks a quantile; here it returns one with its problem."""
    return actual if case.expects_error else [row for row in actual if row["problem"] is None]


def without_simulation(case: Case) -> list[Row]:
    """The expected rows that can be compared exactly."""
    return [
        {name: cell for name, cell in row.items() if not name.endswith(("_mean", "_sd"))}
        for row in case.expected
    ]


def outside_simulation(case: Case, actual: list[dict]) -> list[str]:
    """Limits that lie outside the Monte Carlo error of R's simulation."""
    rows = {tuple(str(row[key]) for key in case.group_by): row for row in actual}
    failures = []
    for wanted in case.expected:
        row = rows.get(tuple(wanted[key] for key in case.group_by), {})
        for name in (name.removesuffix("_mean") for name in wanted if name.endswith("_mean")):
            mean, sd = wanted[f"{name}_mean"], wanted[f"{name}_sd"]
            limit = row.get(name)
            if mean is not None and (
                limit is None or abs(limit - float(mean)) > SIMULATION_ERRORS * float(sd)
            ):
                failures.append(f"{case.name} {name}: {limit}, simulated {mean} with error {sd}")
    return failures


NUMERIC = {"population", "value", "se", "lower_cl", "upper_cl", "count"}
METHODS = {"phe_sii": phe_sii}
EXPECTED = {"phe_sii": without_simulation}
ANSWERED = {"phe_sii": without_dropped_groups}
EXTRA_CHECKS = {"phe_sii": outside_simulation}
