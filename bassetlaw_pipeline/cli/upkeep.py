"""Commands for those who look after the pipeline: derived files, the sample's figures, Dagster's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bassetlaw_pipeline.cli.app import DONE, REJECTED, Json, app, fail, sample_generator, settings_or_exit
from bassetlaw_pipeline.cli.render import terminal


@app.command()
def figures(
    write: Annotated[bool, typer.Option("--write", help="Write docs/calibration.md as well.")] = False,
) -> None:
    """Compare the published figures of the default sample with those the plans state."""
    from bassetlaw_pipeline.publication.pointer import reading

    sample_generator()
    from bassetlaw_sample import plan_figures

    published = reading(settings_or_exit().home)
    if published is None:
        fail("Nothing is published yet. Do this first: bassetlaw run")
    compared = plan_figures.compare(published, plan_figures.load_figures())
    for c in compared:
        terminal.line(f"{'same ' if c.agrees else 'OTHER'} {c.figure.item}: {c.figure.stated} / {c.found}")
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
    from bassetlaw_pipeline.sync import sync as synchronise

    try:
        changed = synchronise(check=check_only)
    except (ContractError, ValueError) as problem:
        fail(str(problem))
    terminal.synced(changed, check_only)
    raise typer.Exit(REJECTED if check_only and changed else DONE)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    with_key: Annotated[bool, typer.Option("--with-key", help="And the folder of the key.")] = False,
) -> None:
    """Copy the data home to another place, whole or not at all."""
    from bassetlaw_pipeline.backup import BackupFailed, back_up

    try:
        made = back_up(settings_or_exit().home, target, with_key=with_key)
    except (BackupFailed, OSError) as problem:
        fail(str(problem))
    key = "with" if made.with_key else "without"
    terminal.line(f"{made.files:,} files, {made.bytes / 1e6:,.0f} MB, {key} the pseudonym key: {target}")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="What `bassetlaw backup` made.")]) -> None:
    """Put a backup back as a new data home."""
    from bassetlaw_pipeline.backup import BackupFailed
    from bassetlaw_pipeline.backup import restore as put_back

    home = settings_or_exit().home
    try:
        done = put_back(source, home)
    except (BackupFailed, OSError) as problem:
        fail(str(problem))
    terminal.line(f"{done.files:,} files of {done.made_at} are back in {home.root}. Next: bassetlaw doctor")


@app.command()
def doctor(json_output: Json = False) -> None:
    """Check the installation and the data home; exit 1 when something has to be mended."""
    from bassetlaw_pipeline.doctor import examine

    checks = examine(settings_or_exit())
    terminal.examined(checks, as_json=json_output)
    raise typer.Exit(REJECTED if any(c.state == "problem" for c in checks) else DONE)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
) -> None:
    """Open Dagster: web server and daemon on 127.0.0.1, with this data home."""
    from bassetlaw_pipeline.orchestration.instance import serve

    raise typer.Exit(serve(settings_or_exit(), port))
