"""Times the statistics macros against pandas loops, and against the R packages where R is installed.

    python -m benchmarks.statistical_methods [--groups 10000] [--series 1000] [--repeats 3]

All read the same invented numbers in one run; a time is from data in memory to the result in memory, with
rendering and planning of the SQL. Results are compared before a time is printed: a fast wrong answer stops
the run.
"""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from macro_rendering import render

from benchmarks import pandas_loops

POINTS = 36
AGES = np.array([0, 1, *range(5, 91, 5)])
WEIGHTS = np.array([1000, 4000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500,
                    5000, 4000, 2500, 1500, 1000])  # fmt: skip
PEOPLE = WEIGHTS / WEIGHTS.sum() * 40000  # by age, of one invented area over five years
MORTALITY = np.array([400, 20, 10, 12, 35, 50, 60, 80, 110, 160, 240, 360, 560, 900, 1400, 2300, 3900, 6900,
                      12000, 22000]) / 1e5  # fmt: skip

QUERIES = {
    "dsr": "SELECT area, {{ dsr_value('deaths', 'population', 'weight') }} AS value,"
    " {{ dsr_lower('deaths', 'population', 'weight') }} AS lower,"
    " {{ dsr_upper('deaths', 'population', 'weight') }} AS upper FROM areas GROUP BY area ORDER BY area",
    "life": "SELECT area, age_start, value, ci95_lower AS lower, ci95_upper AS upper"
    " FROM ({{ life_expectancy('areas', ['area'], confidences=[0.95]) }}) ORDER BY area, age_start",
    "spc": "SELECT series, month, mean, lower_limit, upper_limit,"
    " CASE WHEN special_cause LIKE '% UCL' OR special_cause LIKE '% LCL' THEN 'limits'"
    " WHEN special_cause LIKE '7 Point Trend%' THEN 'trend' WHEN special_cause LIKE '2 in 3%' THEN 'two'"
    " WHEN special_cause LIKE '7 Points%' THEN 'seven' ELSE 'common' END AS cause"
    " FROM ({{ spc_xmr('months', ['series'], date='month') }}) ORDER BY series, month",
}
KEYS = {"dsr": ["area"], "life": ["area", "age_start"], "spc": ["series", "month"]}
LOOPS = {"dsr": pandas_loops.directly_standardised_rate, "life": pandas_loops.life_expectancy,
         "spc": pandas_loops.control_chart}  # fmt: skip


def areas(groups: int) -> pd.DataFrame:
    """One row per invented area and age band, 20 bands."""
    rng = np.random.Generator(np.random.PCG64(1))
    people = rng.poisson(PEOPLE, (groups, 20)) + 1
    level = rng.lognormal(0, 0.2, (groups, 1))
    deaths = np.minimum(rng.poisson(people * MORTALITY * level), people)
    deaths[:, -1] = np.maximum(deaths[:, -1], 1)
    return pd.DataFrame({
        "area": np.repeat(np.arange(groups), 20), "age_start": np.tile(AGES, groups),
        "population": people.ravel(), "deaths": deaths.ravel(), "weight": np.tile(WEIGHTS, groups),
    })  # fmt: skip


def months(series: int) -> pd.DataFrame:
    """One row per invented series and month; every third series has a step in the middle."""
    rng = np.random.Generator(np.random.PCG64(2))
    values = rng.normal(100, 8, (series, POINTS)).round(2)
    values[::3, POINTS // 2 :] += 12
    return pd.DataFrame({
        "series": np.repeat(np.arange(series), POINTS), "month": np.tile(np.arange(POINTS), series),
        "value": values.ravel(),
    })  # fmt: skip


def seconds(work: Callable[[], pd.DataFrame], repeats: int = 1) -> tuple[float, pd.DataFrame]:
    """The shortest of `repeats` times, and the result."""
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def in_sql(connection: duckdb.DuckDBPyConnection, method: str) -> pd.DataFrame:
    """The macros' result, as the models would have it."""
    return connection.execute(render(QUERIES[method])).df()


def in_loops(method: str, table: pd.DataFrame) -> pd.DataFrame:
    """The result of the function of one group, called for one group after the other."""
    key = KEYS[method][0]
    parts = {name: LOOPS[method](group) for name, group in table.groupby(key)}
    if method == "dsr":
        return pd.DataFrame(parts).T.rename_axis("area").reset_index()
    return pd.concat(parts.values(), ignore_index=True)


def compare(method: str, ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Stops the run where the two do not say the same."""
    theirs = theirs.sort_values(KEYS[method]).reset_index(drop=True)[list(ours.columns)]
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, rtol=1e-9, obj=method)


def r_seconds(tables: dict[str, pd.DataFrame]) -> dict[str, float | str]:
    """Times of the R packages by method, or why there is none."""
    if shutil.which("Rscript") is None:
        return dict.fromkeys(QUERIES, "R not installed")
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            table.to_csv(Path(folder) / f"{name}.csv", index=False)
        script = Path(__file__).with_name("r_packages.R")
        done = subprocess.run(["Rscript", str(script), folder], capture_output=True, text=True, check=False)
    found = dict(line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 1)
    why = f"R stopped: {done.stderr.strip()[-200:]}" if done.returncode else "R package not installed"
    return {m: float(found[m]) if m in found else why for m in QUERIES}


def main() -> None:
    """Runs the three comparisons and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--groups", type=int, default=10000)
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3, help="of the SQL; the loops run once")
    chosen = parser.parse_args()
    tables = {"areas": areas(chosen.groups), "months": months(chosen.series)}
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register("frame", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
    r = r_seconds(tables)
    titles = {"dsr": f"directly standardised rate, {chosen.groups:,} groups",
              "life": f"life expectancy, {chosen.groups:,} groups",
              "spc": f"control chart, {chosen.series:,} series x {POINTS}"}  # fmt: skip
    print(f"{'':44}{'SQL':>9}{'pandas':>10}{'factor':>8}   R packages")
    for method, title in titles.items():
        ours, result = seconds(lambda m=method: in_sql(connection, m), chosen.repeats)
        table = tables["months" if method == "spc" else "areas"]
        loops, expected = seconds(lambda m=method, t=table: in_loops(m, t))
        compare(method, result, expected)
        theirs = r[method] if isinstance(r[method], str) else f"{r[method]:.1f} s ({r[method] / ours:.0f}x)"
        print(f"{title:44}{ours:8.3f}s{loops:9.1f}s{loops / ours:7.0f}x   {theirs}", flush=True)


if __name__ == "__main__":
    main()
