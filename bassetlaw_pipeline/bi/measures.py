"""The measures every BI tool is given for a wide mart, once, in the three languages the tools speak.

Figures of different indicators, areas or periods must never be added up or averaged, so `figure` has a value
only where a selection leads to exactly one row.
"""

from __future__ import annotations

from dataclasses import dataclass

from bassetlaw_pipeline.publication.outputs.dictionary import PublishedTable, declared_tables

_ONE = "Empty where a selection holds several rows: figures must not be added up or averaged."


@dataclass(frozen=True)
class Measure:
    """One measure; `{table}` of a DAX expression is the table it stands in."""

    name: str
    title: str
    description: str
    sql: str
    dax: str
    tableau: str
    number_format: str  # of d3


def _figure(name: str, title: str, column: str, meaning: str) -> Measure:
    return Measure(
        name,
        title,
        f"{meaning} {_ONE}",
        sql=f"CASE WHEN COUNT(*) = 1 THEN MAX({column}) END",
        dax=f"IF(COUNTROWS('{{table}}') = 1, MAX('{{table}}'[{column}]))",
        tableau=f"IF COUNT([indicator_id]) = 1 THEN MAX([{column}]) END",
        number_format=",.1f",
    )


MEASURES = (
    _figure("figure", "Figure", "value", "The figure, in the unit of its indicator."),
    _figure("figure_ci95_lower", "Lower 95 % limit", "ci95_lower", "Lower limit of the 95 % interval."),
    _figure("figure_ci95_upper", "Upper 95 % limit", "ci95_upper", "Upper limit of the 95 % interval."),
    _figure("figure_comparator", "Comparator", "comparator_value", "The comparator's figure."),
    _figure("figure_target", "Target", "target_value", "The declared target."),
    Measure(
        "expected",
        "Figures expected",
        "Rows: one for every expected combination of indicator, area and period.",
        sql="COUNT(*)",
        dax="COUNTROWS('{table}')",
        tableau="COUNT([indicator_id])",
        number_format=",d",
    ),
    Measure(
        "shown",
        "Figures shown",
        "Rows that show a figure; for the others value_status and status_reason say why not.",
        sql="COUNT(value)",
        dax="COUNT('{table}'[value])",
        tableau="COUNT([value])",
        number_format=",d",
    ),
)


def wide_marts() -> list[PublishedTable]:
    """The wide marts, one per objective: the tables the measures are made for."""
    return [t for t in declared_tables() if t.name.startswith("mart_")]
