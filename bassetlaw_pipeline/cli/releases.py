"""Commands about releases: publish again, preview, prove, load elsewhere, approve."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from bassetlaw_pipeline.cli.app import DONE, REJECTED, Embargo, Json, app, fail, settings_or_exit
from bassetlaw_pipeline.cli.render import terminal
from bassetlaw_pipeline.settings import Settings


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
    from bassetlaw_pipeline import pipeline
    from bassetlaw_pipeline.cli.render import release_tables
    from bassetlaw_pipeline.planning import PipelineFailed

    settings = settings_or_exit(embargo)
    if to is not None:
        _load_into_postgresql(settings, to, json_output)
    try:
        if verify:
            _verify(settings, verify, json_output)
        if dry_run:
            _preview(settings, json_output)
        with terminal.pipeline_progress(quiet=json_output) as report:
            release = pipeline.publish_again(settings, report)
    except PipelineFailed as problem:
        terminal.error(str(problem))
        raise typer.Exit(REJECTED) from None
    release_tables.released(release, settings.home, as_json=json_output)


def _verify(settings: Settings, name: str, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline.cli.render import release_tables
    from bassetlaw_pipeline.publication.archive import NoSuchRelease
    from bassetlaw_pipeline.rehearsal import verify

    try:
        found = verify(settings, name)
    except NoSuchRelease as problem:
        fail(str(problem))
    release_tables.proof(found, as_json=json_output)
    raise typer.Exit(DONE if found.holds else REJECTED)


def _preview(settings: Settings, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline.cli.render import release_tables
    from bassetlaw_pipeline.pipeline import preview_release

    comparison, version, failed = preview_release(settings)
    release_tables.board_diff(comparison, version, failed, as_json=json_output)
    raise typer.Exit(REJECTED if failed else DONE)


def _load_into_postgresql(settings: Settings, url: str, json_output: bool) -> NoReturn:
    from bassetlaw_pipeline.bi.postgresql import CannotLoad, load_published
    from bassetlaw_pipeline.cli.render import release_tables

    try:
        loaded = load_published(settings.home, url)
    except CannotLoad as problem:
        fail(str(problem))
    release_tables.loaded(loaded, as_json=json_output)
    raise typer.Exit(DONE)


@app.command()
def approve(
    release: Annotated[str, typer.Argument(help="Release id, its beginning, or data version.")],
    by: Annotated[str, typer.Option(help="Role or name of who approves; it is published with the release.")],
) -> None:
    """Approve a waiting release; without an embargo it is published at once."""
    from bassetlaw_pipeline.cli.render import release_tables
    from bassetlaw_pipeline.publication import approval, archive

    home = settings_or_exit().home
    try:
        kept = approval.approve(home, release, by)
    except (archive.NoSuchRelease, approval.CannotApprove) as problem:
        fail(str(problem))
    release_tables.approved(kept, out=kept.release_id in approval.publish_due(home))
