"""The dictionary of the published tables: what each holds, its columns, its key, and what it refers to.

The one declaration is dbt_project/models/marts/_*__models.yml. A key is the model's `grain` test. A column
refers to a dimension when it bears the name of the dimension's key: `area_code` is an area of dim_area.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.publication.outputs.commented import create_table
from bassetlaw_pipeline.settings import DBT_DIR

MARTS = DBT_DIR / "models" / "marts"


@dataclass(frozen=True)
class PublishedColumn:
    """One column. `refers_to` names the dimension it is a key of, or is empty."""

    name: str
    type: str  # as DuckDB writes it: VARCHAR, DOUBLE, ...
    description: str
    is_key: bool = False
    refers_to: str = ""


@dataclass(frozen=True)
class PublishedTable:
    """One table. `key` is empty where no column or columns identify a row."""

    name: str
    description: str
    columns: tuple[PublishedColumn, ...]
    key: tuple[str, ...] = ()


# Tables made while publishing, not by dbt: their keys.
_MADE_KEYS = {
    "dim_release": ("release_id",),
    "dim_table": ("table_name",),
    "dim_column": ("table_name", "column_name"),
}

_DIM_TABLE = PublishedTable(
    "dim_table",
    "The tables of this release: what each holds and which columns identify a row.",
    (
        PublishedColumn("table_name", "VARCHAR", "Table."),
        PublishedColumn("description", "VARCHAR", "What a row is."),
        PublishedColumn("key_columns", "VARCHAR", "Columns that identify a row, joined by commas."),
    ),
)
_DIM_COLUMN = PublishedTable(
    "dim_column",
    "The columns of this release: type, meaning, and the dimension a column refers to.",
    (
        PublishedColumn("table_name", "VARCHAR", "Table."),
        PublishedColumn("column_name", "VARCHAR", "Column."),
        PublishedColumn("ordinal", "INTEGER", "Place of the column in its table, from 1."),
        PublishedColumn("data_type", "VARCHAR", "Type as DuckDB names it."),
        PublishedColumn("description", "VARCHAR", "Meaning."),
        PublishedColumn("is_key", "BOOLEAN", "True when the column is part of what identifies a row."),
        PublishedColumn("refers_to", "VARCHAR", "Dimension the column is the key of; empty elsewhere."),
    ),
)

NAMES = (_DIM_TABLE.name, _DIM_COLUMN.name)


@lru_cache(maxsize=2)
def declared_tables(folder: Path = MARTS) -> tuple[PublishedTable, ...]:
    """The marts as dbt's properties describe them, by name."""
    files = sorted(folder.glob("_*__models.yml"))
    models = [m for f in files for m in yaml_text.load(f.read_text(encoding="utf-8"))["models"]]
    tables = [_declared(model) for model in sorted(models, key=lambda m: m["name"])]
    return tuple(with_references(tables))


def _declared(model: Mapping[str, Any]) -> PublishedTable:
    grain: dict[str, Any] = next(
        (t["grain"]["arguments"] for t in model.get("data_tests", ()) if "grain" in t), {}
    )
    # A grain of which a column may be empty identifies a row, but is no key to a database.
    key = () if "required" in grain else grain.get("columns", ())
    columns = (
        PublishedColumn(c["name"], c["data_type"].upper(), c["description"].strip()) for c in model["columns"]
    )
    return _keyed(PublishedTable(model["name"], model["description"].strip(), tuple(columns)), tuple(key))


def _keyed(table: PublishedTable, key: tuple[str, ...]) -> PublishedTable:
    columns = tuple(replace(c, is_key=c.name in key) for c in table.columns)
    return replace(table, columns=columns, key=key)


def with_references(tables: Iterable[PublishedTable]) -> Iterator[PublishedTable]:
    """The tables with `refers_to` filled in; only tables that have a key refer to others.

    `table_name` is that of a published table in dim_column only; a correction names the table of an extract.
    """
    tables = list(tables)
    shared = [t for t in tables if t.name.startswith("dim_") and len(t.key) == 1 and t.name not in NAMES]
    dimensions = {t.key[0]: t.name for t in shared}
    for table in tables:
        own = {"table_name": _DIM_TABLE.name} if table.name == _DIM_COLUMN.name else {}
        known = {k: d for k, d in (dimensions | own).items() if table.key and d != table.name}
        yield replace(
            table, columns=tuple(replace(c, refers_to=known.get(c.name, "")) for c in table.columns)
        )


def in_order(tables: Iterable[PublishedTable]) -> list[PublishedTable]:
    """Tables so that each comes after those it refers to; otherwise by name."""
    waiting, placed = sorted(tables, key=lambda t: t.name), []
    while waiting:
        names = {t.name for t in waiting}
        free = [t for t in waiting if not names & ({c.refers_to for c in t.columns} - {t.name})]
        ready = free or waiting  # two dimensions that refer to each other have no order
        placed += ready
        waiting = [t for t in waiting if t not in ready]
    return placed


def published_tables(con: Any, databases: Iterable[str], schema: str) -> list[PublishedTable]:
    """The tables of an open DuckDB connection as they are, with the keys that are declared.

    Names, types and descriptions come from the catalog, where dbt has written them as comments.
    """
    keys = {t.name: t.key for t in declared_tables()} | _MADE_KEYS
    found = con.execute(
        "select t.table_name, coalesce(t.comment, ''), list((column_name, data_type, coalesce(c.comment, ''))"
        " order by column_index) from duckdb_tables() t join duckdb_columns() c "
        "using (table_oid, database_oid)"
        " where list_contains(?, t.database_name) and t.schema_name = ? group by all order by 1",
        [list(databases), schema],
    ).fetchall()
    tables = []
    for name, description, columns in found:
        described = tuple(PublishedColumn(n, kind, text.strip()) for n, kind, text in columns)
        key = tuple(k for k in keys.get(name, ()) if k in {c.name for c in described})
        whole = key if len(key) == len(keys.get(name, ())) else ()
        tables.append(_keyed(PublishedTable(name, description.strip(), described), whole))
    return list(with_references(tables))


def add_dictionary(con: Any, databases: Iterable[str], schema: str) -> None:
    """Create dim_table and dim_column in `schema` of the connection's own database.

    They describe every table of that schema in `databases`, themselves included.
    """
    for table in (_DIM_TABLE, _DIM_COLUMN):
        columns = {c.name: (c.type, c.description) for c in table.columns}
        create_table(con, f"{schema}.{table.name}", table.description, columns)
    tables = published_tables(con, databases, schema)
    rows = [(t.name, t.description, ", ".join(t.key) or None) for t in tables]
    con.executemany(f"insert into {schema}.dim_table values (?, ?, ?)", rows)
    con.executemany(
        f"insert into {schema}.dim_column values (?, ?, ?, ?, ?, ?, ?)",
        [
            (t.name, c.name, place, c.type, c.description, c.is_key, c.refers_to or None)
            for t in tables
            for place, c in enumerate(t.columns, start=1)
        ],
    )
