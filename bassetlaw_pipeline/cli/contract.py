"""Commands about contracts: the layout that would take a file, a page that checks one, an empty form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bassetlaw_pipeline.cli.app import DONE, REJECTED, Json, app, fail, settings_or_exit
from bassetlaw_pipeline.cli.render import terminal

contract_app = typer.Typer(
    no_args_is_help=True,
    help="Contracts: propose what would take a file, write a page that checks one or an empty form.",
)
app.add_typer(contract_app, name="contract")


@contract_app.command()
def propose(
    file: Annotated[Path, typer.Argument(help="A file whose layout has changed; it is not loaded.")],
    contract: Annotated[str | None, typer.Option(help="Extract id, when the name does not tell.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Add the entry, if nothing is open.")] = False,
    partner: Annotated[str, typer.Option(help="Whose file it is, where no contract describes it.")] = "",
    json_output: Json = False,
) -> None:
    """Propose the contract entry that would take a file. Exit 1 when something stays open.

    With --partner, print a first contract for a file that none describes.
    """
    from bassetlaw_pipeline.intake.cast.pseudonym import KeyProblem
    from bassetlaw_pipeline.proposal import words
    from bassetlaw_pipeline.proposal.propose import propose as proposal_for

    if partner and not contract:
        _first(file, partner, as_json=json_output, write=write)
        return
    agreed = _contract_file(file, contract)
    try:
        found = proposal_for(file, agreed, settings_or_exit())
    except KeyProblem as problem:
        fail(str(problem))
    terminal.print_json(words.as_data(found)) if json_output else terminal.line(words.render(found))
    if write and found.is_complete:
        agreed.write_text(found.text, encoding="utf-8")
        if not json_output:
            terminal.line(f"Added to {agreed.name}. Next: bassetlaw sync")
    raise typer.Exit(DONE if found.is_complete or not found.is_needed else REJECTED)


@contract_app.command("page")
def page_command(
    contract: Annotated[str | None, typer.Argument(help="Extract id.")] = None,
    to: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    every: Annotated[bool, typer.Option("--all", help="A page for every extract of text files.")] = False,
) -> None:
    """Write a page with which a partner checks a file in the browser, without sending it.

    Exit 2 when the page cannot read such files (workbooks, XML, zip); --all names them and goes on.
    """
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.partner_page.page import write_page
    from bassetlaw_pipeline.partner_page.rules import PageProblem

    contracts = load_contracts()
    if every == (contract is not None):
        fail("Name one extract, or say --all.")
    if contract is not None and contract not in contracts:
        fail(f"No such extract: {contract}. Known: {', '.join(contracts)}.")
    environment = settings_or_exit().environment
    for agreed in contracts.values() if every else (contracts[str(contract)],):
        try:
            terminal.line(f"Written: {write_page(agreed, to, environment)}")
        except PageProblem as problem:
            if not every:
                fail(str(problem))
            terminal.line(f"No page: {problem}")
        except OSError as problem:
            fail(f"The page cannot be written to {to}: {problem.strerror}")


def _first(file: Path, partner: str, *, as_json: bool, write: bool) -> None:
    from bassetlaw_pipeline.intake.model import FileRejected
    from bassetlaw_pipeline.proposal.first import first_contract
    from bassetlaw_pipeline.settings import PARTNERS

    if partner not in PARTNERS or not _is_file(file) or write:
        known = f"Partners: {', '.join(PARTNERS)}."
        fail(f"A first contract needs a file and a partner, and is printed only, to be edited. {known}")
    try:
        name, text = first_contract(file, partner)
    except FileRejected as problem:
        terminal.error(f"{file.name}: no contract can be proposed: {problem}")
        raise typer.Exit(REJECTED) from None
    if as_json:
        terminal.print_json({"file_name": name, "contract": text})
    else:
        print(f"# To be edited, then saved as expectations/contracts/{name}\n{text}", end="")


@contract_app.command()
def template(
    contract: Annotated[str, typer.Argument(help="Extract id.", metavar="ID")],
    to: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
) -> None:
    """Write an empty form of an extract for its partner. Exit 2 for an extract that has none."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.contracts.template import NoTemplate, files

    contracts = load_contracts()
    if contract not in contracts:
        fail(f"No such extract: {contract}. Known: {', '.join(contracts)}.")
    try:
        found = files(contracts[contract])
        to.mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            (to / name).write_bytes(content)
            terminal.line(f"Written: {to / name}")
    except NoTemplate as reason:
        fail(str(reason))
    except OSError as problem:
        fail(f"Cannot write to {to}: {problem.strerror}")


@contract_app.callback()
def _contracts() -> None:
    """Without it the only sub-command would stand in for the group."""


def _contract_file(file: Path, contract_id: str | None) -> Path:
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.intake.discover.inbox import identify
    from bassetlaw_pipeline.settings import CONTRACTS_DIR

    contracts = load_contracts()
    if contract_id is not None and contract_id not in contracts:
        fail(f"No such extract: {contract_id}. Known: {', '.join(contracts)}.")
    if not _is_file(file):
        fail(f"No such file: {file}")
    found = contracts[contract_id] if contract_id else identify(file, contracts).contract
    if found is None:
        fail(
            f"No extract is known by the name or header of {file.name}; name one with "
            "--contract, or whose it is with --partner to see a first contract."
        )
    return CONTRACTS_DIR / f"{found.partner}__{found.id}.odcs.yaml"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system allows
        return False
