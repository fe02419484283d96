"""The semantic model for Power BI in TMDL: tables, measures and relationships."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from bassetlaw_pipeline.bi.connection import DATABASE, PORT, SCHEMA, SERVER
from bassetlaw_pipeline.bi.measures import MEASURES, Measure, wide_marts
from bassetlaw_pipeline.indicators.registry import load_registry
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedColumn, PublishedTable, declared_tables

BASE = "bassetlaw-outcomes/powerbi"
_TYPES = {
    "VARCHAR": "string",
    "DATE": "dateTime",
    "TIMESTAMP": "dateTime",
    "BIGINT": "int64",
    "INTEGER": "int64",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
}
_FORMATS = {"DATE": "yyyy-mm-dd", "TIMESTAMP": "yyyy-mm-dd hh:nn"}
_PARAMETER = 'meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]'


def files() -> dict[str, str]:
    """Every file of the folder `definition/` and its text."""
    tables = declared_tables()
    texts = {
        "database.tmdl": ["database", "\tcompatibilityLevel: 1567"],
        "model.tmdl": list(_model(tables)),
        "expressions.tmdl": [
            f'expression Server = "{SERVER}:{PORT}" {_PARAMETER}',
            "",
            f'expression Database = "{DATABASE}" {_PARAMETER}',
        ],
        "relationships.tmdl": [line for table in tables for line in _relationships(table)],
    } | {f"tables/{table.name}.tmdl": list(_table(table)) for table in tables}
    return {path: "\n".join(lines).rstrip() + "\n" for path, lines in texts.items()}


def _model(tables: tuple[PublishedTable, ...]) -> Iterator[str]:
    yield "model Model"
    yield "\tculture: en-GB"
    yield "\tdefaultPowerBIDataSourceVersion: powerBI_V3"
    yield "\tsourceQueryCulture: en-GB"
    yield ""
    for table in tables:
        yield f"ref table {table.name}"


def _relationships(table: PublishedTable) -> Iterator[str]:
    for column in table.columns:
        if column.refers_to:
            yield f"relationship {uuid5(NAMESPACE_URL, f'{BASE}/{table.name}.{column.name}')}"
            yield f"\tfromColumn: {table.name}.{column.name}"
            yield f"\ttoColumn: {column.refers_to}.{column.name}"
            yield ""


def _table(table: PublishedTable) -> Iterator[str]:
    yield f"/// {table.description}"
    yield f"table {table.name}"
    yield ""
    for measure in MEASURES if table in wide_marts() else ():
        yield from _measure(table, measure)
    for column in table.columns:
        yield from _column(column, is_key=table.key == (column.name,))
    yield f"\tpartition {table.name} = m"
    yield "\t\tmode: import"
    yield "\t\tsource ="
    yield "\t\t\t\tlet"
    yield "\t\t\t\t    Source = PostgreSQL.Database(Server, Database),"
    yield f'\t\t\t\t    Rows = Source{{[Schema="{SCHEMA}", Item="{table.name}"]}}[Data]'
    yield "\t\t\t\tin"
    yield "\t\t\t\t    Rows"


def _measure(table: PublishedTable, measure: Measure) -> Iterator[str]:
    yield f"\t/// {measure.description}"
    yield f"\tmeasure '{measure_name(table, measure)}' = {measure.dax.format(table=table.name)}"
    yield f"\t\tformatString: {'#,0' if measure.number_format == ',d' else '#,0.0'}"
    yield ""


def measure_name(table: PublishedTable, measure: Measure) -> str:
    """Name of the measure with its objective: a model has each name once."""
    objective = table.name.removeprefix("mart_")
    title = next(i.objective_title for i in load_registry().values() if i.objective == objective)
    return f"{measure.title} ({title})".replace("'", "''")


def _column(column: PublishedColumn, is_key: bool) -> Iterator[str]:
    yield f"\t/// {column.description}"
    yield f"\tcolumn {column.name}"
    yield f"\t\tdataType: {_TYPES[column.type]}"
    if is_key:
        yield "\t\tisKey"
    if column.type in _FORMATS:
        yield f"\t\tformatString: {_FORMATS[column.type]}"
    yield "\t\tsummarizeBy: none"
    yield f"\t\tsourceColumn: {column.name}"
    yield ""
