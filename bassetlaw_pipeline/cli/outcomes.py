"""Commands that read the published file: the scorecard, and questions in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bassetlaw_pipeline.cli.app import Json, app, fail, settings_or_exit
from bassetlaw_pipeline.cli.render import published, terminal

Form = Literal["table", "csv", "json"]


@app.command()
def scorecard(
    everything: Annotated[bool, typer.Option("--all", help="With periods, intervals and sentences.")] = False,
    json_output: Json = False,
) -> None:
    """The scorecard of the current release, one line an indicator."""
    from bassetlaw_pipeline.publication.published_file import scorecard_rows

    rows = scorecard_rows(_file())
    if json_output:
        terminal.print_json(rows)
    elif everything:
        published.scorecard_in_full(rows)
    else:
        published.scorecard(rows)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="One query; without it a prompt opens.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How a result is written.")] = "table",
) -> None:
    """Ask the published file in SQL (DuckDB's); it is opened for reading only."""
    import duckdb

    from bassetlaw_pipeline.publication.published_file import ask, open_published

    with open_published(_file()) as con:
        if query is None:
            published.prompt(con)
            return
        try:
            published.result(*ask(con, query), form)
        except duckdb.Error as problem:
            fail(f"The query cannot be answered. {problem}")


def _file() -> Path:
    from bassetlaw_pipeline.publication.pointer import reading

    file = reading(settings_or_exit().home)
    if file is None:
        fail("Nothing is published yet. Do this first: bassetlaw run")
    return file
