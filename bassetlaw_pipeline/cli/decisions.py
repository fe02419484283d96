"""Commands with which a person decides about a delivery: confirm, withdraw, land it again."""

from __future__ import annotations

from typing import Annotated

import typer

from bassetlaw_pipeline.cli.app import DONE, REJECTED, Json, app, fail, settings_or_exit
from bassetlaw_pipeline.cli.render import terminal
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import write_text


@app.command()
def confirm(
    delivery_id: Annotated[
        str, typer.Argument(help="Delivery that is held, as printed by status and receipt.")
    ],
    reason: Annotated[str, typer.Option(help="Why so few rows are right; kept with the delivery.")],
    by: Annotated[str, typer.Option(help="Role or name of who confirms.")] = "not stated",
) -> None:
    """Let a delivery that is held replace the rows before it; the next run counts it."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.intake.store import confirmation
    from bassetlaw_pipeline.intake.store.current import held_of_home
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    home = settings_or_exit().home
    if not reason.strip():
        fail("Say why in --reason: so few rows replace more only with a reason.")
    held = held_of_home(home, load_contracts(), Ledger(home).receipts())
    found = {h.receipt.delivery_id: h.receipt for h in held if h.receipt.delivery_id.startswith(delivery_id)}
    if len(found) != 1:
        known = ", ".join(sorted({h.receipt.delivery_id for h in held})) or "none"
        which = "Several deliveries that start" if found else "No delivery that starts"
        fail(f"{which} with {delivery_id}: nothing was confirmed. Held: {known}.")
    [receipt] = found.values()
    confirmation.confirm(home, receipt, reason.strip(), by)
    terminal.line(f"Confirmed {receipt.delivery_id} ({receipt.file_name}). Next: bassetlaw run")


@app.command()
def withdraw(
    delivery_id: Annotated[str, typer.Argument(help="Delivery, as printed by run, status and receipt.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the delivery. Name nobody in it.")],
    undo: Annotated[bool, typer.Option("--undo", help="Reinstate a delivery that is withdrawn.")] = False,
    by: Annotated[str, typer.Option(help="Role or name of who decides.")] = "not stated",
) -> None:
    """Take a delivery out of use, or with --undo back into it; nothing is deleted. The next run follows."""
    from bassetlaw_pipeline.intake.store import withdrawal

    home = settings_or_exit().home
    if not reason.strip():
        fail("Say why in --reason: a delivery goes out of use, or comes back, only with a reason.")
    receipt = _one_delivery(home, delivery_id)
    try:
        decide = withdrawal.reinstate if undo else withdrawal.withdraw
        event = decide(home, receipt, reason.strip(), by)
    except withdrawal.CannotWithdraw as problem:
        fail(str(problem))
    _rewrite_receipts(home, [receipt.delivery_id])
    terminal.line(
        f"{event.kind.capitalize()}: {receipt.delivery_id} ({receipt.file_name}). Next: bassetlaw run"
    )


@app.command()
def land(
    deliveries: Annotated[
        list[str] | None, typer.Argument(help="Only these deliveries, whatever became of them.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Needed: new files land with `bassetlaw run`.")
    ] = False,
    extract: Annotated[str | None, typer.Option(help="Only deliveries of this extract.")] = None,
    unchanged: Annotated[bool, typer.Option("--all", help="Also where no contract has changed.")] = False,
    json_output: Json = False,
) -> None:
    """Land files again that were rejected, or had rows set aside, by a contract that has changed since."""
    from bassetlaw_pipeline.contracts.load import ContractError, load_contracts
    from bassetlaw_pipeline.intake.again import choose
    from bassetlaw_pipeline.intake.cast.pseudonym import KeyProblem
    from bassetlaw_pipeline.intake.store.ledger import Ledger
    from bassetlaw_pipeline.pipeline import land_again
    from bassetlaw_pipeline.planning import PipelineFailed

    settings, named = settings_or_exit(), deliveries or []
    try:
        contracts = load_contracts()
        _is_clear(again, extract, named, set(contracts), Ledger(settings.home).receipts())
        choice = choose(settings.home, contracts, extract=extract, deliveries=named, unchanged=unchanged)
        with terminal.pipeline_progress(quiet=json_output) as report:
            result = land_again(settings, choice.arrivals, report)
    except (ContractError, KeyProblem) as problem:
        fail(str(problem))
    except PipelineFailed as problem:
        terminal.error(str(problem))
        raise typer.Exit(REJECTED) from None
    _rewrite_receipts(settings.home, [r.again.replaces for r in result.receipts if r.again])
    terminal.landed_again(result, choice, as_json=json_output)
    rejected = any(r.verdict == "rejected" for r in result.receipts)
    raise typer.Exit(REJECTED if rejected or choice.gone or result.failures else DONE)


def _is_clear(
    again: bool, extract: str | None, deliveries: list[str], contracts: set[str], receipts: list[Receipt]
) -> None:
    """Fails, in words, unless the call says --again and names deliveries and extracts that are known."""
    if not again:
        fail("New files land with `bassetlaw run`; to land known ones again say --again.")
    if extract is not None and extract not in contracts:
        fail(f"No such extract: {extract}. Known: {', '.join(sorted(contracts))}.")
    if extract and deliveries:
        fail("Name an extract or deliveries, not both.")
    unknown = [d for d in deliveries if not any(r.delivery_id.startswith(d) for r in receipts)]
    if unknown:
        fail(f"No delivery {', '.join(unknown)}. See: bassetlaw status")


def _one_delivery(home: DataHome, delivery_id: str) -> Receipt:
    """The delivery whose id starts so; of a file that was landed again the last landing."""
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    starting = [r for r in Ledger(home).receipts() if delivery_id and r.delivery_id.startswith(delivery_id)]
    found = [r for r in starting if r.replaced is None]
    taken = [r for r in found if r.verdict != "rejected"] or found
    if not taken:
        fail(f"No delivery {delivery_id}. See: bassetlaw status")
    if len(taken) > 1:
        known = ", ".join(sorted({r.delivery_id for r in taken})[:10])
        fail(f"Several deliveries start with {delivery_id}: nothing was done. {known}")
    return taken[0]


def _rewrite_receipts(home: DataHome, delivery_ids: list[str]) -> None:
    """Write the partner's pages of deliveries anew, with what has happened to them."""
    from bassetlaw_pipeline.intake.reasons import load_reasons
    from bassetlaw_pipeline.intake.receipt import render_html
    from bassetlaw_pipeline.intake.store.delivery_files import page
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    reasons = load_reasons()
    for receipt in Ledger(home).receipts() if delivery_ids else []:
        if receipt.delivery_id in delivery_ids:
            write_text(page(home, receipt), render_html(receipt, reasons))
