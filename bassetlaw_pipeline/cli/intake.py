"""Commands about files: write a sample, land, test, and see a receipt again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bassetlaw_pipeline.cli.app import (
    DONE,
    REJECTED,
    AsOf,
    Embargo,
    Json,
    app,
    fail,
    sample_generator,
    settings_or_exit,
    utc,
)
from bassetlaw_pipeline.cli.render import terminal
from bassetlaw_pipeline.settings import Settings


@app.command()
def sample(
    seed: Annotated[int, typer.Option(help="Same seed, same bytes, on every machine.")] = 20160401,
    people: Annotated[int | None, typer.Option(help="Residents; default as in the district.")] = None,
    start: Annotated[str, typer.Option(help="First month, YYYY-MM.")] = "2016-04",
    end: Annotated[str, typer.Option(help="Last month, YYYY-MM.")] = "2021-03",
    defects: Annotated[
        bool, typer.Option("--defects/--clean", help="With the usual errors, or without.")
    ] = True,
    full: Annotated[
        bool, typer.Option("--full", help="Every monthly GP register, about nine million rows.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Landing folder to write to.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Only when nothing has landed yet.")] = False,
) -> None:
    """Write a synthetic sample of partner extracts: invented people, true formats, known defects."""
    settings, generate = settings_or_exit(), sample_generator().generate
    for month in (start, end):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            fail(f"Not a month: {month}. Write it as YYYY-MM, for example 2018-04.")
    if start > end:
        fail(f"The first month {start} is after the last month {end}.")
    landing = (out or settings.home.landing).resolve()
    if if_empty and _holds_files(landing):
        return
    with terminal.progress("Writing the synthetic sample") as advance:
        generate(
            landing,
            seed=seed,
            people=people,
            start=start,
            end=end,
            defects=defects,
            full=full,
            progress=advance,
            settings=settings,
        )
    terminal.sample_written(landing, settings)


def _holds_files(folder: Path) -> bool:
    """True when anything has landed; hidden files are ours (look-ups, caches)."""
    found = (p.relative_to(folder).parts for p in folder.rglob("*") if p.is_file())
    return any(not any(part.startswith(".") for part in parts) for parts in found)


@app.command()
def run(
    as_of: AsOf = None,
    select: Annotated[list[str] | None, typer.Option(help="Land only these extracts.")] = None,
    json_output: Json = False,
    embargo: Embargo = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Try it in a shadow home and show what would change.")
    ] = False,
    first_time: Annotated[bool, typer.Option("--first-time", hidden=True)] = False,
) -> None:
    """Land what is new, build the warehouse, check it and publish."""
    from bassetlaw_pipeline.contracts.load import ContractError, load_contracts
    from bassetlaw_pipeline.intake.cast.pseudonym import KeyProblem
    from bassetlaw_pipeline.pipeline import run_pipeline
    from bassetlaw_pipeline.planning import PipelineFailed

    settings = settings_or_exit(embargo)
    if rehearse and as_of:
        fail("A rehearsal lands what is new; it takes no --as-of.")
    try:
        unknown = sorted(set(select or ()) - set(load_contracts()))
        if unknown:
            fail(f"No such extract: {', '.join(unknown)}. Known: {', '.join(load_contracts())}.")
        with terminal.pipeline_progress(quiet=json_output) as report:
            if rehearse:
                _rehearse(settings, select, report, json_output)
            result = run_pipeline(settings, select=select, as_of=utc(as_of), report=report)
    except (ContractError, KeyProblem) as problem:
        fail(str(problem))
    except PipelineFailed as problem:
        terminal.error(str(problem))
        raise typer.Exit(REJECTED) from None
    terminal.pipeline_result(result, settings.home, as_json=json_output, first_time=first_time)
    # The first run of the sample meets files that are rejected on purpose; that is not a failed set-up.
    rejected = any(r.verdict == "rejected" for r in result.receipts) and not first_time
    raise typer.Exit(REJECTED if rejected or result.failures else DONE)


def _rehearse(settings: Settings, select: list[str] | None, report: Any, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline.cli.render import release_tables
    from bassetlaw_pipeline.rehearsal import rehearse

    found = rehearse(settings, select, report)
    release_tables.rehearsed(found, as_json=json_output)
    rejected = any(r.verdict == "rejected" for r in found.receipts)
    raise typer.Exit(REJECTED if rejected or found.failures else DONE)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files to test; nothing is loaded.")],
    contract: Annotated[str | None, typer.Option(help="Extract id, when the name does not tell.")] = None,
    json_output: Json = False,
) -> None:
    """Test files against their contract without loading anything. Exit 1 when one is rejected."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.intake.cast.pseudonym import KeyProblem
    from bassetlaw_pipeline.intake.land import check_file

    contracts = load_contracts()
    if contract is not None and contract not in contracts:
        fail(f"No such extract: {contract}. Known: {', '.join(contracts)}.")
    missing = [str(f) for f in files if not _is_file(f)]
    if missing:
        fail(f"No such file: {', '.join(missing)}")
    try:
        receipts = [check_file(f, settings_or_exit(), contracts, contract) for f in files]
    except KeyProblem as problem:
        fail(str(problem))
    terminal.receipts(receipts, as_json=json_output)
    raise typer.Exit(REJECTED if any(r.verdict == "rejected" for r in receipts) else DONE)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system allows
        return False


@app.command()
def receipt(delivery_id: Annotated[str, typer.Argument(help="As printed by run and status.")]) -> None:
    """Print a partner's receipt again."""
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    found = [r for r in Ledger(settings_or_exit().home).receipts() if r.delivery_id.startswith(delivery_id)]
    if not found:
        fail(f"No delivery {delivery_id}. See: bassetlaw status")
    terminal.receipts(found, as_json=False)
