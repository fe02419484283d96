"""Runs the cases of one function through the macros in an in-memory DuckDB and scores them."""

from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import reference_cases
import reference_funnels
import reference_rates
import reference_sii
import reference_spc
import reference_tables
from macro_rendering import MACROS, MacroError, render
from reference_cases import Case
from reference_comparison import Result, compare

SOURCES = (reference_rates, reference_tables, reference_funnels, reference_sii, reference_spc)


def _merged(name: str) -> dict:
    return {key: value for source in SOURCES for key, value in getattr(source, name, {}).items()}


FOLDER = MACROS  # whose macros are run
METHODS = _merged("METHODS")  # function -> SQL of a case
ROW_KEYS = _merged("ROW_KEYS")  # function -> columns that tell the rows of a case apart
TOLERANCES = _merged("TOLERANCES")
SUMMARIES = _merged("SUMMARIES")  # function -> SQL and keys of expected_summary.csv
EXPECTED = _merged("EXPECTED")  # function -> what to expect where R's own answer is not to be copied
ANSWERED = _merged("ANSWERED")
EXTRA_CHECKS = _merged("EXTRA_CHECKS")
NUMERIC = set().union(*(source.NUMERIC for source in SOURCES))


@dataclass
class Score:
    """The line of the pass table for one function."""

    function: str
    cases: int = 0
    rows: int = 0
    worst: float = 0.0
    failures: list[str] = field(default_factory=list)
    failed_cases: set[str] = field(default_factory=set)
    quirks: list[str] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Counts a case; quirk cases are listed apart and never fail."""
        if result.case.quirk:
            verdict = "differs" if result.failures else "as R"
            self.quirks.append(f"{result.case.name}: {verdict}")
            return
        self.cases += 1
        self.rows += result.rows
        self.worst = max(self.worst, result.worst)
        if result.failures:
            self.failures += result.failures
            self.failed_cases.add(result.case.name)


def score(function: str) -> Score:
    """All cases of a function; one that has no method here fails every case."""
    total = Score(function)
    for case in reference_cases.load(function):
        total.add(
            run(case) if function in METHODS else Result(case, failures=[f"{function}: not implemented"])
        )
    return total


def run(case: Case) -> Result:
    """One case: values compared, or a rejection where R rejects."""
    try:
        actual = query(case, METHODS[case.function](case))
    except MacroError as refusal:
        return Result(case, failures=[] if case.expects_error else [f"{case.name}: refused, {refusal}"])
    problems = [row["problem"] for row in actual if row.get("problem")]
    if case.expects_error:
        return Result(
            case, failures=[] if problems else [f"{case.name}: R rejects this, no problem was reported"]
        )
    return _compare(case, ANSWERED.get(case.function, lambda case, rows: rows)(case, actual))


def _compare(case: Case, actual: list[dict]) -> Result:
    keys = ROW_KEYS.get(case.function, lambda case: case.group_by)(case)
    tolerances = TOLERANCES.get(case.function, lambda case: {})(case)
    expected = EXPECTED.get(case.function, lambda case: case.expected)(case)
    result = compare(case, actual, expected, keys, tolerances)
    result.failures += EXTRA_CHECKS.get(case.function, lambda case, rows: [])(case, actual)
    if case.summary:
        statement, keys = SUMMARIES[case.function]
        result.absorb(compare(case, query(case, statement(case)), case.summary, keys))
    return result


def query(case: Case, sql: str) -> list[dict]:
    """Rows of the rendered SQL over the case's rows as table `input` (with `_row`, their position)."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("input", _table(case))
        return connection.sql(render(sql, FOLDER)).to_arrow_table().to_pylist()


def _table(case: Case) -> pa.Table:
    columns = {name: _column(case, name) for name in case.columns()}
    return pa.table({**columns, "_row": pa.array(range(len(case.rows)), pa.int64())})


def _column(case: Case, name: str) -> pa.Array:
    cells = [row[name] for row in case.rows]
    if name in NUMERIC - set(case.group_by):
        return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    return pa.array(cells, pa.string())
