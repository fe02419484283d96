"""Landing: new files of one extract become accepted or rejected deliveries, each with its receipt.

Nothing reaches accepted/ before its verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake import again
from bassetlaw_pipeline.intake.cast.pseudonym import Key, KeyMissing
from bassetlaw_pipeline.intake.delivery import Delivery, read_and_cast
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.model import Arrival, Finding, Receipt
from bassetlaw_pipeline.intake.read.period import of_name
from bassetlaw_pipeline.intake.reasons import Reason, load_reasons
from bassetlaw_pipeline.intake.receipt import quarantine_csv, render_html
from bassetlaw_pipeline.intake.store import delivery_files
from bassetlaw_pipeline.intake.store.current import (
    Candidate,
    candidate,
    current,
    held_findings,
    may_replace_its_window,
)
from bassetlaw_pipeline.intake.store.ledger import Ledger, contract_sha256
from bassetlaw_pipeline.intake.validate import earlier, fallen, known_codes, repeated
from bassetlaw_pipeline.intake.validate.verdict import decide
from bassetlaw_pipeline.settings import DataHome, Settings
from bassetlaw_pipeline.storage import write_text

OnReceipt = Callable[[Receipt], None]
# Receipts and their arrivals -> the same receipts, those of changed layouts with what would take the file.
Propose = Callable[[Sequence[Receipt], Sequence[Arrival], Settings], Iterable[Receipt]]


def land_extract(
    contract: Contract | str,
    arrivals: Sequence[Arrival],
    settings: Settings,
    on_receipt: OnReceipt | None = None,
    *,
    write: bool = True,
    propose: Propose | None = None,
) -> list[Receipt]:
    """Land new files of one extract; a bad one is refused and the others go on.

    Receipts come in the order of `arrivals`; a file whose content is accepted already, or from another
    file of the list, is left out. Without `write` nothing is written. With `propose`, receipts of files
    whose layout changed say what would take them. Raises KeyMissing, KeyInvalid or KeyMismatch before
    anything is read when the extract carries identifiers, and RuleBroken when a rule of the contract
    cannot be evaluated.
    """
    contract = load_contracts()[contract] if isinstance(contract, str) else contract
    arrivals, copies = _once(arrivals)
    if not arrivals:
        return []
    key = _key(contract, settings, write=write)
    name = f"{contract.partner}__{contract.id}"
    with delivery_files.work_folder(settings.home, name, write=write) as folder:
        if write:  # another run may have landed the same files while this one waited for its lock
            arrivals = again.marked(contract, arrivals, settings.home)
            arrivals = [a for a in arrivals if not _accepted_already(a, settings.home)]
        deliveries = read_and_cast(contract, arrivals, key, settings, folder)
        _validate(contract, deliveries, folder)
        _compare_with_earlier(contract, deliveries, settings.home)
        receipts = _finish(deliveries, settings, key, on_receipt, write=write, propose=propose)
    refused = {r.sha256 for r in receipts if r.verdict == "rejected"}
    others = [copy for copy in copies if copy.sha256 in refused]  # it may only have had the wrong name
    more = land_extract(contract, others, settings, on_receipt, write=write, propose=propose)
    return receipts + more


def land(
    arrival: Arrival,
    settings: Settings,
    contracts: Mapping[str, Contract] | None = None,
    write: bool = True,
    propose: Propose | None = None,
) -> Receipt:
    """Land one file; one that no contract fits is refused with the reasons found so far."""
    if arrival.contract is not None:
        receipts = land_extract(arrival.contract, [arrival], settings, write=write, propose=propose)
        return receipts[0] if receipts else _earlier(arrival, settings.home)
    name = delivery_files.safe_name(f"{arrival.partner}{delivery_files.UNRECOGNISED}")
    with delivery_files.work_folder(settings.home, name, write=write) as folder:
        delivery = Delivery(arrival, folder / "unrecognised", findings=list(arrival.findings))
        [receipt] = _finish([delivery], settings, None, None, write=write)
        return receipt


def check_file(
    path: Path,
    settings: Settings,
    contracts: Mapping[str, Contract],
    contract_id: str | None = None,
    propose: Propose | None = None,
) -> Receipt:
    """What landing a file would say; nothing is written. `contract_id` when its name does not tell."""
    chosen = {contract_id: contracts[contract_id]} if contract_id else contracts
    return land(identify(path, chosen), settings, contracts, write=False, propose=propose)


def _once(arrivals: Sequence[Arrival]) -> tuple[list[Arrival], list[Arrival]]:
    """Each content once, the first file that has it, and the further files with the same content."""
    kept: dict[str, Arrival] = {}
    for arrival in arrivals:
        kept.setdefault(arrival.sha256, arrival)
    first = list(kept.values())
    return first, [a for a in arrivals if a is not kept[a.sha256]]


def _key(contract: Contract, settings: Settings, *, write: bool) -> Key | None:
    """The pseudonym key, or None when the extract has no identifiers. Raises KeyProblem.

    A check writes nothing and links nothing, so a partner without the key may check a file.
    """
    if not contract.needs_key:
        return None
    if not write:
        with suppress(KeyMissing):
            return Key.load(settings)
        return Key.throw_away()
    key = Key.load(settings)
    key.ensure_matches(Ledger(settings.home).newest_key_check())
    return key


def _accepted_already(arrival: Arrival, home: DataHome) -> bool:
    return _place(arrival, home).exists()


def _place(arrival: Arrival, home: DataHome) -> Path:
    return home.accepted / arrival.partner / arrival.contract.id / arrival.delivery_id


def _earlier(arrival: Arrival, home: DataHome) -> Receipt:
    file = _place(arrival, home) / delivery_files.RECEIPT
    return Receipt.model_validate_json(file.read_bytes())


def _validate(contract: Contract, deliveries: Sequence[Delivery], folder: Path) -> None:
    """Run the contract's suites over all deliveries that could be read, a table at a time."""
    readable = [d for d in deliveries if not d.failed]
    for table in contract.tables:
        files = {d.arrival.delivery_id: d.files[table.name] for d in readable if table.name in d.files}
        if not table.expectations or not files:
            continue
        from bassetlaw_pipeline.quality.validate import validate
        from bassetlaw_pipeline.quality.view import create_view

        database = folder / f"{table.name}.duckdb"
        create_view(database, table.name, list(files.values()))
        results = validate(database, table.name, table.expectations, list(files))
        for delivery in readable:
            delivery.checks += results.get(delivery.arrival.delivery_id, [])


def _compare_with_earlier(contract: Contract, deliveries: Sequence[Delivery], home: DataHome) -> None:
    """Tell each delivery what it is to those accepted before and to those that came with it."""
    readable = [d for d in deliveries if not d.failed]
    now = {d.arrival.delivery_id: _as_known(d) for d in readable}
    folder = home.accepted / contract.partner / contract.id
    before = [
        earlier.known(r, contract, folder)
        for r in _before(contract, readable, home)
        if r.delivery_id not in now
    ]
    row_findings = _compare_rows(contract, list(now.values()), before, home)
    for delivery in readable:
        mine = now[delivery.arrival.delivery_id]
        others = before + [k for k in now.values() if k.came_before(mine)]
        delivery.findings += earlier.compare(contract, mine, others) + row_findings[mine.delivery_id]
    _add_held_findings(contract, readable, home)


def _compare_rows(
    contract: Contract, now: Sequence[earlier.Known], before: Sequence[earlier.Known], home: DataHome
) -> dict[str, list[Finding]]:
    """What comparing rows tells of each delivery, with the outcomes that the contract declares."""
    rules = contract.comparison
    asked = (
        (rules.repeated_period, lambda: repeated.find(contract, now, before)),
        (rules.fell_to_nothing, lambda: fallen.find(contract, now, before)),
        (rules.unknown_codes, lambda: known_codes.find(contract, now, home, load_contracts())),
    )
    found: dict[str, list[Finding]] = {k.delivery_id: [] for k in now}
    for rule, compare in asked if now else ():
        for delivery_id, findings in (compare() if rule != "allowed" else {}).items():
            found[delivery_id] += earlier.with_outcome(rule, findings)
    return found


def _before(contract: Contract, deliveries: Sequence[Delivery], home: DataHome) -> list[Receipt]:
    """What counts already, apart from decisions that are about to be replaced."""
    replaced = {d.arrival.again.replaces for d in deliveries if d.arrival.again}
    return [r for r in Ledger(home).accepted_of(contract) if r.delivery_id not in replaced]


def _add_held_findings(contract: Contract, deliveries: Sequence[Delivery], home: DataHome) -> None:
    """Tell deliveries that they are held: they would lose most of the rows that they replace."""
    reasons = load_reasons()
    usable = {
        d.arrival.delivery_id: d for d in deliveries if decide(d.findings, d.checks, reasons) != "rejected"
    }
    receipts = _before(contract, deliveries, home)
    earlier_ones = [candidate(r, contract, home) for r in receipts if r.delivery_id not in usable]
    if not usable or len(usable) + len(earlier_ones) == 1:
        return
    found = current(contract, [*earlier_ones, *map(_as_candidate, usable.values())])
    counting = {row["delivery_id"] for row in found.to_pylist() if row["state"] == "current"}
    for delivery_id, delivery in usable.items():
        held = held_findings(found, delivery_id)
        if held and delivery_id not in counting:  # it replaces nothing, so it must not say so
            delivery.findings = [f for f in delivery.findings if f.code != "RESUBMISSION"]
        delivery.findings += held


def _as_candidate(delivery: Delivery) -> Candidate:
    arrival = delivery.arrival
    edition = (arrival.revision_rank, arrival.received_at.replace(tzinfo=None), arrival.sha256)
    own = delivery.window if may_replace_its_window(arrival.contract) else None
    return Candidate(arrival.delivery_id, edition, delivery.files, own)


def _as_known(delivery: Delivery) -> earlier.Known:
    arrival, main = delivery.arrival, next(iter(delivery.tables.values()), None)
    edition = (arrival.revision_rank, arrival.received_at, arrival.sha256)
    return earlier.Known(
        delivery_id=arrival.delivery_id,
        edition=edition,
        periods=frozenset(_periods(delivery)),
        rows=main.rows_in if main else 0,
        tables=delivery.tables,
        files=delivery.files,
        layouts=tuple(delivery.layout_ids),
    )


def _finish(
    deliveries: Sequence[Delivery],
    settings: Settings,
    key: Key | None,
    on_receipt: OnReceipt | None,
    *,
    write: bool,
    propose: Propose | None = None,
) -> list[Receipt]:
    """Decide, write the receipts, and move the deliveries where they belong."""
    reasons = load_reasons()
    receipts = [_receipt(d, settings, key, reasons) for d in deliveries]
    if propose and any(r.verdict == "rejected" for r in receipts):
        receipts = list(propose(receipts, [d.arrival for d in deliveries], settings))
    if write:
        home = settings.home
        for delivery, receipt in zip(deliveries, receipts, strict=True):
            _write(delivery, receipt, home, reasons)
        targets = [delivery_files.target(home, receipt) for receipt in receipts]
        delivery_files.put_all((d.folder, t) for d, t in zip(deliveries, targets, strict=True))
    for receipt in receipts:
        if on_receipt is not None:
            on_receipt(receipt)
    return receipts


def _receipt(
    delivery: Delivery, settings: Settings, key: Key | None, reasons: Mapping[str, Reason]
) -> Receipt:
    arrival, contract, headers = delivery.arrival, delivery.arrival.contract, _headers(delivery)
    return Receipt(
        delivery_id=arrival.delivery_id,
        partner=arrival.partner,
        extract=contract.id if contract else None,
        file_name=arrival.file_name,
        sha256=arrival.sha256,
        bytes=arrival.size,
        received_at=arrival.received_at,
        contract_version=contract.version if contract else None,
        contract_sha256=contract_sha256(contract) if contract else None,
        layout_ids=delivery.layout_ids,
        revision_rank=arrival.revision_rank,
        periods=_periods(delivery),
        window=sorted(delivery.window) if delivery.window is not None else None,
        verdict=decide(delivery.findings, delivery.checks, reasons),
        tables=delivery.tables,
        findings=[_in_file(f, headers) for f in delivery.findings],
        checks=delivery.checks,
        key_check=key.check_value if key else None,
        key_version=key.version if key else None,
        is_synthetic=settings.environment == "synthetic",
        manifest=arrival.manifest,
        again=arrival.again,
    )


def _periods(delivery: Delivery) -> list[date]:
    """Periods the rows cover; of a file that could not be read, the one its name states."""
    if delivery.periods or delivery.arrival.contract is None:
        return delivery.periods
    named = of_name(delivery.arrival)
    return [named] if named else []


def _headers(delivery: Delivery) -> dict[tuple[str, str], str]:
    """(table, our column name) -> the header in the partner's file, or the agreed one, where it differs."""
    contract = delivery.arrival.contract
    columns = [(t.name, c) for t in (contract.tables if contract else ()) for c in t.columns]
    agreed = {(table, column.name): column.source_name for table, column in columns}
    return {key: header for key, header in (agreed | delivery.headers).items() if header != key[1]}


def _in_file(finding: Finding, headers: Mapping[tuple[str, str], str]) -> Finding:
    """The finding with the header its column has in the file."""
    tables = {table for table, column in headers if column == finding.column}
    table = finding.table or next(iter(tables), "")
    known = headers.get((table, finding.column or ""))
    return finding.model_copy(update={"header": known, "detail": naming.masked(finding.detail)})


def _write(delivery: Delivery, receipt: Receipt, home: DataHome, reasons: Mapping[str, Reason]) -> None:
    """The receipt for the partner first: a crash then repeats a message rather than losing one."""
    page = delivery_files.page(home, receipt)
    write_text(page, render_html(receipt, reasons))
    if delivery.quarantined_rows:
        listed = quarantine_csv(delivery.quarantined_rows, reasons, _headers(delivery))
        write_text(page.with_name(f"{page.name.removesuffix('.html')}.csv"), listed)
    if receipt.verdict == "rejected":
        delivery.discard_rows()
    delivery.folder.mkdir(exist_ok=True)
    (delivery.folder / delivery_files.RECEIPT).write_text(receipt.model_dump_json(indent=1), encoding="utf-8")
