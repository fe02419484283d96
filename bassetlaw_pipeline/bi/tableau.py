"""Data sources for Tableau (.tds): the wide marts and the scorecard, over PostgreSQL.

Numbers are declared as dimensions, so that Tableau does not add figures up; the measures do what is right.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bassetlaw_pipeline.bi.connection import DATABASE, PORT, SCHEMA, SERVER
from bassetlaw_pipeline.bi.measures import MEASURES, Measure, wide_marts
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedColumn, PublishedTable, declared_tables

_TYPES = {
    "VARCHAR": ("string", "nominal"),
    "DATE": ("date", "ordinal"),
    "TIMESTAMP": ("datetime", "ordinal"),
    "BIGINT": ("integer", "ordinal"),
    "INTEGER": ("integer", "ordinal"),
    "DOUBLE": ("real", "quantitative"),
    "BOOLEAN": ("boolean", "nominal"),
}


def outputs(folder: Path) -> dict[Path, str]:
    """One .tds per table people chart, in `folder`, and its text."""
    scorecard = [t for t in declared_tables() if t.name == "scorecard"]
    return {folder / f"{t.name}.tds": data_source(t) for t in (*wide_marts(), *scorecard)}


def data_source(table: PublishedTable) -> str:
    """The XML of one data source."""
    root = Element("datasource", {"formatted-name": table.name, "inline": "true", "version": "18.1"})
    _connection(root, table)
    SubElement(root, "aliases", {"enabled": "yes"})
    for column in table.columns:
        _column(root, column)
    for measure in MEASURES if table in wide_marts() else ():
        _measure(root, measure)
    indent(root)
    return f"<?xml version='1.0' encoding='utf-8' ?>\n{tostring(root, encoding='unicode')}\n"


def _connection(root: Element, table: PublishedTable) -> None:
    name = f"postgres.{DATABASE}"
    federated = SubElement(root, "connection", {"class": "federated"})
    named = SubElement(federated, "named-connections")
    one = SubElement(named, "named-connection", {"caption": SERVER, "name": name})
    where = {"class": "postgres", "dbname": DATABASE, "port": str(PORT), "schema": SCHEMA, "server": SERVER}
    SubElement(one, "connection", {**where, "authentication": "username-password", "username": ""})
    target = {"name": table.name, "table": f"[{SCHEMA}].[{table.name}]", "type": "table"}
    SubElement(federated, "relation", {"connection": name, **target})


def _column(root: Element, column: PublishedColumn) -> None:
    datatype, kind = _TYPES[column.type]
    found = {"datatype": datatype, "name": f"[{column.name}]", "role": "dimension", "type": kind}
    _describe(SubElement(root, "column", found), column.description)


def _measure(root: Element, measure: Measure) -> None:
    found = {"caption": measure.title, "datatype": "real", "name": f"[Calculation_{measure.name}]"}
    column = SubElement(root, "column", {**found, "role": "measure", "type": "quantitative"})
    SubElement(column, "calculation", {"class": "tableau", "formula": measure.tableau})
    _describe(column, measure.description)


def _describe(column: Element, text: str) -> None:
    formatted = SubElement(SubElement(column, "desc"), "formatted-text")
    SubElement(formatted, "run").text = text
