"""The outsider before every release: which counts do the derived figures give away?

Read are only the tables about to be published and what anybody finds in the repository: the standard
population, the reference rates, unit prices, who counts for an indicator. Nothing comes from the schema
`restricted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.disclosure.attacks import counts_behind, evidence, relations, standardised, ward_gap
from bassetlaw_pipeline.disclosure.attacks.evidence import NUMBERS
from bassetlaw_pipeline.disclosure.attacks.precision import evident, evident_unit
from bassetlaw_pipeline.disclosure.precision import FIGURE, load_precision

FEWEST = 3  # candidates that a rounded count keeps
_DISPERSED = (1.0, 3.0)  # of admissions; the outsider is not told how far
_KEPT = 1e-7  # a number that is so near to a rounded one is it
_EDGE = 1 + 1e-6  # a half that fell on the edge belongs to both sides
_ADDED_UP = 0.25  # pounds: totals are sums of months, each rounded to the penny
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Recovered:
    """A figure that gives counts away; by key, never by value."""

    key: str
    way: str


@dataclass(frozen=True)
class Priced:
    """A total of counts at unit prices and of published sums: those of a base year less those of now."""

    total: str
    counts: dict[str, str]  # indicator and the item of unit_price.csv
    sums: tuple[str, ...]
    base: str


PRICED = (
    Priced(
        "value_for_money",
        {
            "emergency_admissions_low_grade": "low_grade_emergency_admission",
            "first_outpatients_total": "first_outpatient_attendance",
        },
        ("prescribing_cost_total",),
        "FY2016-17",
    ),
)


def attack(warehouse: Path) -> list[Recovered]:
    """What an outsider recovers from the schema `outcomes` of a warehouse that is about to be published.

    Nothing where its figures do not pass the gate of disclosure control, as in a project of a few models.
    """
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute(f"attach {sql.text(str(warehouse))} as warehouse (read_only)")
        gate = "from duckdb_tables() where schema_name = 'restricted' and table_name = 'rst_seen_bounds'"
        if not con.sql(gate).fetchall():
            return []
        return recovered(con, "warehouse.outcomes", public="warehouse.intermediate")


def recovered(con: duckdb.DuckDBPyConnection, schema: str, public: str | None = None) -> list[Recovered]:
    """What an outsider recovers from the published tables in `schema`, written database.schema.

    `public` is a schema with models made of files that the outsider may have, too: England's death rates, and
    what share of a place women are. Without it the reference rates are those of the seed, and half are women.
    """
    with con.cursor() as cursor:
        evidence.write_facts(cursor, schema, public)
        ways = {
            "standardised rate": _rates,
            "value beside rounded counts": _shares,
            "gap between wards": _gaps,
            "total of rounded counts": _totals,
            "life expectancy finer than a tenth of a year": _life_expectancies,
            "exact rows of a file": _deliveries,
            "share of the rows of a file": _set_aside,
        }
        return [Recovered(key, name) for name, way in ways.items() for key in way(cursor)]


def _rates(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Standardised rates that give away count or age band; what the search leaves open counts, too."""
    for c in _by_indicator(_columns(con, evidence.RATES)):
        low, high = _ends(c, NUMBERS)
        for row in range(len(c["key"])):
            rate = _rate(c, row, low[row], high[row])
            wanted = min(FEWEST, len(rate.counts))
            found = standardised.bands(rate, wanted)
            if found.totals and (len(found.totals) < wanted or found.unique().any()):
                yield str(c["key"][row])


def _rate(c: Columns, row: int, low: np.ndarray, high: np.ndarray) -> standardised.Rate:
    numbers = {
        name: (float(a), float(b)) for name, a, b in zip(NUMBERS, low, high, strict=True) if np.isfinite(a)
    }
    return standardised.Rate(
        weights=np.asarray(c["weights"][row], float) / c["all_weights"][row],
        shown=float(c["numerator"][row]),
        counts=range(int(c["least"][row]), int(c["most"][row]) + 1),
        numbers=numbers,
        slack=float(c["slack"][row]),
        dispersion=(1.0, 1.0) if c["independent_events"][row] else _DISPERSED,
    )


def _ends(c: Columns, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """What the figures of one indicator lie between, n × names: by the declared precision, if all keep it.

    Otherwise by the precision that they show: more digits than are declared are digits all the same.
    """
    numbers = np.column_stack([c[name] for name in names])
    events = np.broadcast_to(c["numerator"][:, None], numbers.shape)
    declared = load_precision()
    rule = declared.rules[declared.rule_name(FIGURE, str(c["method"][0]), str(c["precision"][0]))]
    keep = np.isnan(numbers) | (np.abs(numbers - _each(rule.rounded, numbers, events)) < _KEPT)
    if not keep.all():
        return evident(numbers.ravel()).interval(numbers)
    half = _each(rule.unit, numbers, events) / 2 * _EDGE
    return numbers - half, numbers + half


def _each(of: Callable[[float, float], float], numbers: np.ndarray, events: np.ndarray) -> np.ndarray:
    """A function of every number and its events; NaN where there is no number."""
    pairs = zip(numbers.ravel().tolist(), events.ravel().tolist(), strict=True)
    return np.array([of(n, e) if np.isfinite(n) else np.nan for n, e in pairs]).reshape(numbers.shape)


def _shares(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Values made from exact counts that stand beside rounded ones."""
    for c in _by_indicator(_columns(con, evidence.SHARES)):
        low, high = _ends(c, NUMBERS[:3])
        method, multiplier = str(c["method"][0]), float(c["multiplier"][0])
        counts = {name: c[name] for name in evidence.COUNTS}
        figures = counts_behind.Figures(method, multiplier, **counts, low=low, high=high)
        few = np.zeros(len(low), bool)
        for number, prefix in zip(counts_behind.candidates(figures), ("", "denominator_"), strict=True):
            rounded = c[f"{prefix}most"] - c[f"{prefix}least"]
            few |= _too_few(number, rounded + 1)
        yield from map(str, c["key"][few])


def _gaps(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Gaps that name their wards and deaths."""
    c = _columns(con, evidence.GAPS)
    names = ("gap", "gap_ci95_lower", "gap_ci95_upper")
    units = [evident_unit(c[name]) for name in names]
    for row, key in enumerate(c["key"]):
        gap, lower, upper = (_around(c[n][row], unit) for n, unit in zip(names, units, strict=True))
        expected, events = np.asarray(c["expected"][row], float), (c["least"][row], c["most"][row])
        if ward_gap.pairs(ward_gap.Gap(expected, gap, lower, upper, events)).given_away():
            yield str(key)


def _around(value: float, unit: float) -> tuple[float, float]:
    return (-np.inf, np.inf) if np.isnan(value) else (value - unit / 2, value + unit / 2)


def _totals(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Totals at fixed prices that give away the counts they are made of."""
    prices = dict(con.sql("select item, unit_price_gbp from unit_price").fetchall())
    for priced in PRICED:
        c = _columns(con, evidence.priced(priced.total, (*priced.counts, *priced.sums), priced.base))
        m, n = len(priced.counts), len(priced.counts) + len(priced.sums)
        known = sum(c[f"change_{i}"] for i in range(m, n))
        units = [evident_unit(c[name]) for name in ("value", *(f"change_{i}" for i in range(m, n)))]
        reach = _ADDED_UP + sum(units) / 2
        formula = relations.Formula(
            prices=np.array([prices[item] for item in priced.counts.values()], float),
            shown=np.column_stack([c[f"change_{i}"] for i in range(m)]),
            slack=np.column_stack([c[f"slack_{i}"] for i in range(m)]),
            low=c["value"] - known - reach,
            high=c["value"] - known + reach,
        )
        certain = (relations.candidates(formula) == 1) & (formula.slack > 0)
        yield from map(str, c["key"][certain.any(axis=1)])


def _too_few(number: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """True where a rounded count keeps too few candidates (none at all: the attack does not fit)."""
    return (possible > 1) & (number > 0) & (number < np.minimum(FEWEST, possible))


def _life_expectancies(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Life expectancies with more decimals than are known to be safe: there is no attack on finer ones."""
    yield from (key for (key,) in con.sql(evidence.FINE_LIFE_EXPECTANCIES).fetchall())


def _deliveries(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Deliveries whose rows are told exactly."""
    yield from (key for (key,) in con.sql(evidence.EXACT_ROWS).fetchall())


def _set_aside(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Shares that give the rows set aside away, where those are told to the nearest 5."""
    c = _columns(con, evidence.SET_ASIDE)
    if not len(c["key"]) or np.any(c["numerator"] % 5):  # told exactly: see _deliveries
        return
    unit = evident_unit(c["value"])
    nothing = np.full((len(c["key"]), 2), np.nan)
    figures = counts_behind.Figures(
        method="ratio",
        multiplier=1.0,
        numerator=c["numerator"],
        denominator=c["denominator"],
        least=np.maximum(c["numerator"] - 2, 8),
        most=c["numerator"] + 2,
        denominator_least=c["denominator"] - 2,
        denominator_most=c["denominator"] + 2,
        denominator_off=np.zeros(len(c["key"])),
        low=np.column_stack([c["value"] - unit / 2, nothing]),
        high=np.column_stack([c["value"] + unit / 2, nothing]),
    )
    rows, _ = counts_behind.candidates(figures)
    yield from map(str, c["key"][_too_few(rows, figures.most - figures.least + 1)])


def _columns(con: duckdb.DuckDBPyConnection, query: str) -> Columns:
    """The columns of a query; NaN where a number is missing."""
    return {name: _plain(column) for name, column in con.sql(query).fetchnumpy().items()}


def _plain(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind in "fiu":
        return np.ma.filled(np.ma.asarray(column, float), np.nan)
    return np.ma.filled(column, None)


def _by_indicator(columns: Columns) -> Iterator[Columns]:
    for indicator in np.unique(columns["indicator_id"].astype(str)):
        rows = columns["indicator_id"] == indicator
        yield {name: column[rows] for name, column in columns.items()}
