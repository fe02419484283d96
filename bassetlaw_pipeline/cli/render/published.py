"""What the terminal shows of the published file: the scorecard, results of queries, a prompt."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from rich.markup import escape
from rich.table import Table

from bassetlaw_pipeline.cli.render import terminal

_SHOWN = 40  # rows of a table on a terminal
_VERDICTS = {
    "better": ("+", "better"),
    "worse": ("-", "worse"),
    "no_clear_change": ("=", "no clear change"),
    "cannot_be_told": ("?", "cannot be told"),
}
_TARGETS = {"met": "met", "not_met": "missed", "too_close_to_call": "too close"}
_HELP = "End a query with ; and Enter. .tables lists the tables, .quit ends."

Row = Mapping[str, Any]


def scorecard(rows: Sequence[Row]) -> None:
    """A line an indicator: symbol, title, figure, target; beyond a terminal also the change in words."""
    narrow = terminal.is_narrow()
    table = Table(box=None, pad_edge=False, expand=narrow)
    table.add_column("")
    table.add_column("Indicator", no_wrap=True, overflow="ellipsis", ratio=2)
    table.add_column("Figure", no_wrap=True, overflow="ellipsis", ratio=1)
    if not narrow:
        table.add_column("Change", no_wrap=True)
    table.add_column("Target", no_wrap=True, min_width=9)
    for objective, members in _by_objective(rows):
        table.add_row("", f"[bold]{escape(objective)}[/bold]")
        for row in members:
            symbol, words = _VERDICTS.get(row["verdict"], ("?", row["verdict"] or ""))
            target = _TARGETS.get(row["target_status"] or "", "")
            figure, change = escape(row["value_text"] or "-"), [] if narrow else [words]
            table.add_row(symbol, escape(row["title"]), figure, *change, target)
    terminal.print_table(table)
    terminal.line("Change: " + ", ".join(f"{symbol} {words}" for symbol, words in _VERDICTS.values()) + ".")
    terminal.line("`bassetlaw scorecard --all` has periods, intervals and sentences.")


def scorecard_in_full(rows: Sequence[Row]) -> None:
    """Period, figure with its interval, and the sentence of every indicator."""
    table = Table(title="Scorecard", show_lines=True)
    for name in ("Objective", "Indicator", "Period", "Value (95% CI)", "In words"):
        table.add_column(name, overflow="fold")
    for objective, members in _by_objective(rows):
        for number, row in enumerate(members):
            interval = f" ({row['interval_text']})" if row["interval_text"] else ""
            figure = f"{row['value_text'] or '-'}{interval}"
            named = objective if number == 0 else ""
            cells = (named, row["title"], row["period_label"] or "-", figure, row["narrative"] or "")
            table.add_row(*map(escape, cells))
    terminal.print_table(table)


def _by_objective(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["objective_title"], []).append(row)
    return list(found.items())


def result(names: Sequence[str], rows: Iterable[tuple], form: Literal["table", "csv", "json"]) -> None:
    """The rows of a query: a table of the first ones, or all of them as CSV or JSON."""
    if form == "json":
        terminal.print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    else:
        _table(names, iter(rows))


def _table(names: Sequence[str], rows: Iterable[tuple]) -> None:
    table = Table(*names)
    shown = list(islice(rows, _SHOWN))
    for row in shown:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    terminal.print_table(table)
    more = sum(1 for _ in rows)
    if more:
        terminal.line(f"{more:,} more rows; --format csv writes all of them.")


def prompt(con: Any) -> None:
    """Queries one after the other, until the input ends."""
    import duckdb

    from bassetlaw_pipeline.publication.published_file import ask

    terminal.line(_HELP)
    while (query := _typed()) not in (".quit", ".exit", None):
        try:
            result(*ask(con, "SHOW TABLES" if query == ".tables" else query), "table")
        except duckdb.Error as problem:
            terminal.error(str(problem))


def _typed() -> str | None:
    """One query, over as many lines as it takes; None when the input ends."""
    lines: list[str] = []
    try:
        while not lines or not (lines[-1].endswith(";") or lines[0].startswith(".")):
            lines.append(input("outcomes> " if not lines else "     ...> ").strip())
            lines = [text for text in lines if text]
    except EOFError:
        return None
    return " ".join(lines)
