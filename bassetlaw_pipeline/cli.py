"""The `bassetlaw` command: what each sub-command takes, and nothing of how it works.

Belongs here: arguments, exit codes (0 done, 1 data rejected, 2 usage or configuration), and calling
the module that does the work. Heavy libraries are imported inside the commands, so that
`bassetlaw status` and a run with nothing new answer at once. Printing lies in console.py.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from bassetlaw_pipeline import console
from bassetlaw_pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Partner extracts in, a place-level outcomes warehouse out.",
)

DONE, REJECTED, USAGE = 0, 1, 2
AsOf = Annotated[datetime | None, typer.Option(help="Data as known at this time (UTC), e.g. 2018-03-31.")]
Embargo = Annotated[
    datetime | None, typer.Option(help="Not to be seen before, UK time, e.g. 2026-12-01T09:30.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def _settings(embargo: datetime | None = None) -> Settings:
    try:
        return Settings(embargo=embargo) if embargo else Settings()
    except ValidationError as problem:
        # Name and complaint only: the value may be the key.
        wrong = (f"BASSETLAW_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in problem.errors())
        _fail(f"A setting cannot be used. {'; '.join(wrong)}")


def _fail(message: str) -> NoReturn:
    console.error(message)
    raise typer.Exit(USAGE)


def _utc(when: datetime | None) -> datetime | None:
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when


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
    from bassetlaw_pipeline.sample import generate

    settings = _settings()
    for month in (start, end):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            _fail(f"Not a month: {month}. Write it as YYYY-MM, for example 2018-04.")
    if start > end:
        _fail(f"The first month {start} is after the last month {end}.")
    landing = (out or settings.home.landing).resolve()
    if if_empty and _holds_files(landing):
        return
    with console.progress("Writing the synthetic sample") as advance:
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
    console.sample_written(landing, settings)


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
    from bassetlaw_pipeline.intake.pseudonym import KeyProblem
    from bassetlaw_pipeline.pipeline import PipelineFailed, run_pipeline

    settings = _settings(embargo)
    if rehearse and as_of:
        _fail("A rehearsal lands what is new; it takes no --as-of.")
    try:
        unknown = sorted(set(select or ()) - set(load_contracts()))
        if unknown:
            _fail(f"No such extract: {', '.join(unknown)}. Known: {', '.join(load_contracts())}.")
        with console.pipeline_progress(quiet=json_output) as report:
            if rehearse:
                _rehearse(settings, select, report, json_output)
            result = run_pipeline(settings, select=select, as_of=_utc(as_of), report=report)
    except (ContractError, KeyProblem) as problem:
        _fail(str(problem))
    except PipelineFailed as problem:
        console.error(str(problem))
        raise typer.Exit(REJECTED) from None
    console.pipeline_result(result, settings.home, as_json=json_output, first_time=first_time)
    # The first run of the sample meets files that are rejected on purpose; that is not a failed set-up.
    rejected = any(r.verdict == "rejected" for r in result.receipts) and not first_time
    raise typer.Exit(REJECTED if rejected or result.failures else DONE)


def _rehearse(settings: Settings, select: list[str] | None, report: Any, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline import console_release
    from bassetlaw_pipeline.rehearsal import rehearse

    found = rehearse(settings, select, report)
    console_release.rehearsed(found, as_json=json_output)
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
    from bassetlaw_pipeline.intake.land import check_file
    from bassetlaw_pipeline.intake.pseudonym import KeyProblem

    contracts = load_contracts()
    if contract is not None and contract not in contracts:
        _fail(f"No such extract: {contract}. Known: {', '.join(contracts)}.")
    missing = [str(f) for f in files if not _is_file(f)]
    if missing:
        _fail(f"No such file: {', '.join(missing)}")
    try:
        receipts = [check_file(f, _settings(), contracts, contract) for f in files]
    except KeyProblem as problem:
        _fail(str(problem))
    console.receipts(receipts, as_json=json_output)
    raise typer.Exit(REJECTED if any(r.verdict == "rejected" for r in receipts) else DONE)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system allows
        return False


@app.command()
def status(as_of: AsOf = None, json_output: Json = False) -> None:
    """What was expected from each partner, what came, what is late or was rejected."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.intake.ledger import Ledger
    from bassetlaw_pipeline.publication.fingerprint import published_manifest
    from bassetlaw_pipeline.status import period_status, releases_state

    home = _settings().home
    ledger = Ledger(home)
    now = _utc(as_of) or ledger.newest_received_at() or datetime.now(UTC)
    rows = period_status(load_contracts().values(), ledger.receipts(), now)
    console.status(
        rows, ledger.receipts(), now, published_manifest(home), releases_state(home), as_json=json_output
    )


@app.command()
def explain(
    indicator: Annotated[str, typer.Argument(help="Indicator id, e.g. ae_four_hour.")],
    area: Annotated[str | None, typer.Option(help="Area code; default the scorecard's area.")] = None,
    period: Annotated[str | None, typer.Option(help="Period id; default the newest.")] = None,
    json_output: Json = False,
) -> None:
    """Where a number comes from, down to the files."""
    from bassetlaw_pipeline.console_explain import explanation as show
    from bassetlaw_pipeline.explain import NothingToExplain
    from bassetlaw_pipeline.explain import explain as explanation
    from bassetlaw_pipeline.intake.ledger import Ledger
    from bassetlaw_pipeline.publication.fingerprint import published_manifest

    home = _settings().home
    try:
        found = explanation(home, Ledger(home).receipts(), published_manifest(home), indicator, area, period)
    except NothingToExplain as problem:
        _fail(str(problem))
    show(found, as_json=json_output)


@app.command()
def receipt(delivery_id: Annotated[str, typer.Argument(help="As printed by run and status.")]) -> None:
    """Print a partner's receipt again."""
    from bassetlaw_pipeline.intake.ledger import Ledger

    found = [r for r in Ledger(_settings().home).receipts() if r.delivery_id.startswith(delivery_id)]
    if not found:
        _fail(f"No delivery {delivery_id}. See: bassetlaw status")
    console.receipts(found, as_json=False)


@app.command()
def publish(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the release would change; release nothing.")
    ] = False,
    verify: Annotated[
        str | None, typer.Option(metavar="RELEASE", help="Rebuild a past release and compare every table.")
    ] = None,
    embargo: Embargo = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Load the published release into PostgreSQL: postgresql://..."),
    ] = None,
    json_output: Json = False,
) -> None:
    """Release the warehouse again: the same data give the same release."""
    from bassetlaw_pipeline import console_release, pipeline

    settings = _settings(embargo)
    if to is not None:
        _load_into_postgresql(settings, to, json_output)
    try:
        if verify:
            _verify(settings, verify, json_output)
        if dry_run:
            _preview(settings, json_output)
        release = pipeline.publish_again(settings)
    except pipeline.PipelineFailed as problem:
        console.error(str(problem))
        raise typer.Exit(REJECTED) from None
    console_release.released(release, settings.home, as_json=json_output)


def _verify(settings: Settings, name: str, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline import console_release
    from bassetlaw_pipeline.publication.archive import NoSuchRelease
    from bassetlaw_pipeline.rehearsal import verify

    try:
        found = verify(settings, name)
    except NoSuchRelease as problem:
        _fail(str(problem))
    console_release.proof(found, as_json=json_output)
    raise typer.Exit(DONE if found.holds else REJECTED)


def _preview(settings: Settings, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline import console_release
    from bassetlaw_pipeline.pipeline import preview_release

    comparison, version, failed = preview_release(settings)
    console_release.board_diff(comparison, version, failed, as_json=json_output)
    raise typer.Exit(REJECTED if failed else DONE)


def _load_into_postgresql(settings: Settings, url: str, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline import console_release
    from bassetlaw_pipeline.bi.postgresql import CannotLoad, load_published

    try:
        loaded = load_published(settings.home, url)
    except CannotLoad as problem:
        _fail(str(problem))
    console_release.loaded(loaded, as_json=json_output)
    raise typer.Exit(DONE)


@app.command()
def approve(
    release: Annotated[str, typer.Argument(help="Release id, its beginning, or data version.")],
    by: Annotated[str, typer.Option(help="Role or name of who approves; it is published with the release.")],
) -> None:
    """Approve a waiting release; without an embargo it is published at once."""
    from bassetlaw_pipeline import console_release
    from bassetlaw_pipeline.publication import approval, archive

    home = _settings().home
    try:
        kept = approval.approve(home, release, by)
    except (archive.NoSuchRelease, approval.CannotApprove) as problem:
        _fail(str(problem))
    console_release.approved(kept, out=kept.release_id in approval.settle(home))


@app.command()
def figures(
    write: Annotated[bool, typer.Option("--write", help="Write docs/calibration.md as well.")] = False,
) -> None:
    """Compare the published figures of the default sample with those the plans state."""
    from bassetlaw_pipeline.sample import plan_figures

    published = _settings().home.published / "outcomes.duckdb"
    if not published.is_file():
        _fail("Nothing is published yet. Do this first: bassetlaw run")
    compared = plan_figures.compare(published, plan_figures.load_figures())
    for c in compared:
        console.line(f"{'same ' if c.agrees else 'OTHER'} {c.figure.item}: {c.figure.stated} / {c.found}")
    if write:
        plan_figures.TABLE.write_text(plan_figures.document(compared), encoding="utf-8")
    if not all(c.agrees for c in compared):
        raise typer.Exit(REJECTED)


@app.command()
def sync(
    check_only: Annotated[
        bool, typer.Option("--check", help="Say what would change; exit 1 if anything.")
    ] = False,
) -> None:
    """Regenerate what is derived from contracts and the indicator registry."""
    from bassetlaw_pipeline.contracts.load import ContractError
    from bassetlaw_pipeline.contracts.sync import sync as synchronise

    try:
        changed = synchronise(check=check_only)
    except (ContractError, ValueError) as problem:
        _fail(str(problem))
    console.synced(changed, check_only)
    raise typer.Exit(REJECTED if check_only and changed else DONE)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open Dagster: web server and daemon on 127.0.0.1, with this data home."""
    from bassetlaw_pipeline.orchestration.instance import serve

    raise typer.Exit(serve(_settings(), port))


def main() -> None:
    """Entry point of `python -m bassetlaw_pipeline.cli`."""
    app()


if __name__ == "__main__":
    main()
