"""Commands that answer: what came and what is late, and where a number comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bassetlaw_pipeline import console
from bassetlaw_pipeline.cli.app import AsOf, Json, app, fail, settings_or_exit, utc


@app.command()
def status(as_of: AsOf = None, json_output: Json = False) -> None:
    """What was expected from each partner, what came, what is late or was rejected."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.falls import unexplained_falls
    from bassetlaw_pipeline.intake.ledger import Ledger
    from bassetlaw_pipeline.publication.fingerprint import published_manifest
    from bassetlaw_pipeline.status import period_status, releases_state

    home = settings_or_exit().home
    ledger = Ledger(home)
    now = utc(as_of) or ledger.newest_received_at() or datetime.now(UTC)
    rows = period_status(load_contracts().values(), ledger.receipts(), now)
    console.status(
        rows,
        ledger.receipts(),
        now,
        published_manifest(home),
        releases_state(home),
        unexplained_falls(home),
        as_json=json_output,
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

    home = settings_or_exit().home
    try:
        found = explanation(home, Ledger(home).receipts(), published_manifest(home), indicator, area, period)
    except NothingToExplain as problem:
        fail(str(problem))
    show(found, as_json=json_output)
