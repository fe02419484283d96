"""Runs models and macros of the dbt project in a plain DuckDB connection, in milliseconds.

`ref('x')` becomes the table `x` and `source('a', 'b')` the table `a_b`, so a test lays small tables under a
model and reads what it makes of them.
The text that runs is the project's own. Not for generic tests, sources or anything that needs dbt's graph.
"""

from __future__ import annotations

import os
import re
import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment, StrictUndefined
from jinja2.runtime import Macro

PROJECT = Path(__file__).parents[2] / "dbt_project"
_VARS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]


_READ = {"BASSETLAW_ENVIRONMENT"}  # what a test may set


class _Returned(Exception):
    """dbt's `return`: leaves a macro with a value instead of text."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _return(value: Any) -> None:
    raise _Returned(value)


def _refuse(message: str) -> None:
    raise ValueError(message)


def _late(name: str) -> Callable[..., Any]:
    """A macro found when it is called: macros of different files call each other."""

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return _FOUND[name](*args, **kwargs)
        except _Returned as returned:
            return returned.value

    return call


_FOUND: dict[str, Callable[..., str]] = {}
_ENVIRONMENT = Environment(undefined=StrictUndefined, extensions=["jinja2.ext.do"])


def _macros() -> dict[str, Any]:
    paths = sorted(p for p in PROJECT.glob("macros/**/*.sql") if p.parent.name != "materializations")
    texts = [path.read_text("utf-8") for path in paths]
    names: dict[str, Any] = {
        "return": _return,
        "exceptions": {"raise_compiler_error": _refuse},
        "ref": lambda *parts: parts[-1],
        "source": lambda *parts: "_".join(parts),
        "config": lambda **_: "",
        "var": lambda name, default=None: _VARS.get(name, default),
        "env_var": lambda name, default="": os.environ.get(name, default) if name in _READ else default,
    }
    names |= {name: _late(name) for text in texts for name in re.findall(r"{%-? macro (\w+)", text)}
    for text in texts:
        module = _ENVIRONMENT.from_string(text, globals=names).module
        _FOUND.update({k: v for k, v in vars(module).items() if isinstance(v, Macro)})
    return names


_NAMES = _macros()


def render(sql: str) -> str:
    """SQL with every macro call expanded."""
    return _ENVIRONMENT.from_string(sql, globals=_NAMES).render()


@cache
def model_sql(name: str) -> str:
    """The query of a model of the project, by file name."""
    (path,) = PROJECT.glob(f"models/**/{name}.sql")
    return render(path.read_text("utf-8"))


_PYTHON = {path.stem: path for path in PROJECT.glob("models/**/*.py")}


def build(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Creates one table per model, in the order given."""
    for name in names:
        con.execute(f"CREATE OR REPLACE TABLE {name} AS {_made_by_python(con, name) or model_sql(name)}")


def _made_by_python(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """The query for what a Python model returns; None for a model in SQL."""
    if name not in _PYTHON:
        return None
    con.register("made", runpy.run_path(str(_PYTHON[name]))["model"](_Dbt(con), con))
    return "FROM made"


class _Dbt:
    """What a Python model asks dbt for."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.ref = con.table

    def config(self, **_: Any) -> None:
        """Nothing to set: every model becomes a table."""


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Result rows as dictionaries."""
    result = con.execute(query)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
