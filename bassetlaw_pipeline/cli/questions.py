"""Commands that answer: what came and what is late, and where a number comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bassetlaw_pipeline.cli.app import AsOf, Json, app, fail, settings_or_exit, utc
from bassetlaw_pipeline.cli.render import terminal


@app.command()
def status(as_of: AsOf = None, json_output: Json = False) -> None:
    """What was expected from each partner, what came, what is late or was rejected."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.falls import unexplained_falls
    from bassetlaw_pipeline.intake.store.as_known import as_known
    from bassetlaw_pipeline.intake.store.current import held_of_home
    from bassetlaw_pipeline.intake.store.ledger import Ledger
    from bassetlaw_pipeline.locks import who_runs
    from bassetlaw_pipeline.planning import unread_names
    from bassetlaw_pipeline.publication.fingerprint import published_manifest
    from bassetlaw_pipeline.status import moment, period_status, releases_state

    settings, contracts = settings_or_exit(), load_contracts()
    home = settings.home
    asked = utc(as_of)
    known = as_known(Ledger(home).receipts(), asked)
    receipts = [r for r in known if asked is None or r.received_at <= asked]
    when = moment(contracts.values(), receipts, settings.environment, asked, datetime.now(UTC))
    terminal.status(
        period_status(contracts.values(), receipts, when.at, when.last),
        receipts,
        when,
        published_manifest(home),
        releases_state(home),
        unexplained_falls(home),
        held=held_of_home(home, contracts, receipts, asked),
        unread=[] if asked else unread_names(settings),
        at_work=who_runs(home),
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
    from bassetlaw_pipeline.cli.render.explanation import explanation as show
    from bassetlaw_pipeline.explain import NothingToExplain
    from bassetlaw_pipeline.explain import explain as explanation
    from bassetlaw_pipeline.intake.store.ledger import Ledger
    from bassetlaw_pipeline.publication.fingerprint import published_manifest

    home = settings_or_exit().home
    try:
        found = explanation(home, Ledger(home).receipts(), published_manifest(home), indicator, area, period)
    except NothingToExplain as problem:
        fail(str(problem))
    show(found, as_json=json_output)
