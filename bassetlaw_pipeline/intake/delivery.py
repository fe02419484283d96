"""Deliveries on their way: read and conformed into their work folders, without a verdict yet."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue

import duckdb
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.cast.conform import Conformed, Part, alike, conform
from bassetlaw_pipeline.intake.cast.distinct_cells import KnownTexts
from bassetlaw_pipeline.intake.cast.pseudonym import Key
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, Finding, TableCounts
from bassetlaw_pipeline.intake.read import read, recognises
from bassetlaw_pipeline.intake.store.quarantine import SetAside, write_quarantine
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import Settings

WORKERS = 2
# Files conformed in one pass. Planning the statement costs about as much as 30,000 rows.
_BATCH_FILES, _BATCH_BYTES = 40, 12_000_000


@dataclass
class Delivery:
    """What is known of a delivery while it lands.

    `files` are the accepted rows by table, `set_aside` the others; `headers` says how the file calls our
    columns, by table and name; `window` are the periods it may replace.
    """

    arrival: Arrival
    folder: Path
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, TableCounts] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    periods: list[date] = field(default_factory=list)
    window: frozenset[date] | None = None
    layout_ids: list[str] = field(default_factory=list)
    headers: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # (table, our name) -> header in the file
    checks: list[CheckResult] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    failed: bool = False

    def keep_nothing(self) -> None:
        """Remove the rows of a delivery that is not accepted."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def fail(self, *findings: Finding) -> None:
        """Forget what was conformed, if anything, and keep the reasons."""
        self.keep_nothing()
        self.tables, self.files, self.set_aside = {}, {}, []
        self.findings += findings
        self.failed = True


@dataclass(frozen=True)
class _Desk:
    """What a worker needs for any batch of one extract."""

    contract: Contract
    key: Key | None
    settings: Settings
    idle: SimpleQueue[duckdb.DuckDBPyConnection]  # databases, one for each worker
    known: KnownTexts = field(default_factory=KnownTexts)


def take_in(
    contract: Contract, arrivals: Sequence[Arrival], key: Key | None, settings: Settings, folder: Path
) -> list[Delivery]:
    """Read and conform files in the order given; two workers, each with a database of its own.

    Never raises for what is in a file; our own faults are told by the type of the error only, since its
    message may quote a cell.
    """
    deliveries = [Delivery(a, folder / a.delivery_id, findings=list(a.findings)) for a in arrivals]
    batches = list(_batches(deliveries))
    with ExitStack() as stack, ThreadPoolExecutor(WORKERS) as pool:
        idle: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        for _ in batches[:WORKERS]:
            idle.put(stack.enter_context(connect(folder)))
        desk = _Desk(contract, key, settings, idle)
        list(pool.map(lambda batch: _take_in(batch, desk), batches))
    return deliveries


def _batches(deliveries: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    for delivery in deliveries:
        size = sum(d.arrival.size for d in batch) + delivery.arrival.size
        if batch and (len(batch) >= _BATCH_FILES or size > _BATCH_BYTES):
            yield batch
            batch = []
        batch.append(delivery)
    if batch:
        yield batch


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into the work folder."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "700MB",
        "temp_directory": str(folder / "spill"),
    }
    con = duckdb.connect(":memory:", config=config)
    # Turning the code lists of a contract into joins takes longer than looking them up.
    con.execute("SET disabled_optimizers = 'in_clause'")
    return con


def _take_in(batch: Sequence[Delivery], desk: _Desk) -> None:
    parts = {id(d): found for d in batch if (found := _read(d)) is not None}
    readable = [d for d in batch if id(d) in parts]
    con = desk.idle.get()
    try:
        _conform_batch(con, readable, parts, desk)
    except Exception:
        # One file may have broken the batch: each again by itself, so that only that one fails.
        for delivery in readable:
            _conform_alone(con, delivery, parts[id(delivery)], desk)
    finally:
        desk.idle.put(con)


def _read(delivery: Delivery) -> list[Part] | None:
    try:
        result = read(delivery.arrival)
    except FileRejected as refused:
        delivery.fail(*refused.findings, *_whose_header(delivery.arrival, refused))
        return None
    except Exception as error:
        delivery.fail(Finding(code="INTERNAL_ERROR", detail=type(error).__name__))
        return None
    delivery.findings += result.findings
    for table in result.tables:
        delivery.headers |= {(table.table.name, name): header for name, header in table.headers.items()}
    return [Part(table, delivery.arrival, result.period) for table in result.tables]


def _whose_header(arrival: Arrival, refused: FileRejected) -> list[Finding]:
    """When no header was found: the one extract of the same partner that the header is of, if any."""
    if not any(f.code == "HEADER_NOT_FOUND" for f in refused.findings):
        return []
    others = [c for c in load_contracts().values() if c.partner == arrival.partner and c != arrival.contract]
    found = [c for c in others if recognises(c, arrival.path)]
    if len(found) != 1:
        return []
    agreed = found[0].file.names_in_words
    detail = f"{found[0].title}{f' (agreed name: {agreed})' if agreed else ''}"
    return [Finding(code="HEADER_OF_OTHER_EXTRACT", detail=detail, outcome="reject")]


def _conform_alone(
    con: duckdb.DuckDBPyConnection, delivery: Delivery, parts: list[Part], desk: _Desk
) -> None:
    try:
        _conform_batch(con, [delivery], {id(delivery): parts}, desk)
    except Exception as error:
        delivery.fail(Finding(code="INTERNAL_ERROR", detail=type(error).__name__))


def _conform_batch(
    con: duckdb.DuckDBPyConnection,
    batch: Sequence[Delivery],
    parts: dict[int, list[Part]],
    desk: _Desk,
) -> None:
    """All tables of all deliveries, then their findings: nothing is told of a batch that broke."""
    groups: dict[object, list[tuple[Delivery, Part]]] = defaultdict(list)
    for delivery in batch:
        delivery.tables, delivery.files, delivery.set_aside, delivery.window = {}, {}, [], None
        delivery.folder.mkdir(exist_ok=True)
        for part in parts[id(delivery)]:
            groups[alike(part, desk.contract)].append((delivery, part))
    told: list[tuple[Delivery, Part, Conformed]] = []
    # The main table first: it says which periods the delivery reports on.
    for members in sorted(groups.values(), key=lambda found: not _is_main(found[0][1], desk.contract)):
        alikes = [replace(part, window=delivery.window) for delivery, part in members]
        conformed = conform(con, alikes, desk.contract, desk.key, desk.settings, desk.known)
        for (delivery, part), result in zip(members, conformed, strict=True):
            if _is_main(part, desk.contract):
                delivery.window = result.window
            _write(delivery, part, result, desk.contract)
            told.append((delivery, part, result))
    for delivery in batch:
        period = parts[id(delivery)][0].period if parts[id(delivery)] else None
        write_quarantine(delivery.folder, delivery.set_aside, delivery.arrival, desk.contract, period)
    for delivery, part, result in told:
        _tell(delivery, part, result, desk.contract)


def _is_main(part: Part, contract: Contract) -> bool:
    return part.read.table.name == contract.main.name


def _write(delivery: Delivery, part: Part, conformed: Conformed, contract: Contract) -> None:
    """Accepted rows of one table into their file; rows set aside are remembered."""
    table = part.read.table
    file = delivery.folder / contract.rows_file(table)
    pq.write_table(conformed.accepted, file, compression="zstd", store_schema=False)
    delivery.tables[table.name], delivery.files[table.name] = conformed.counts, file
    delivery.set_aside += conformed.set_aside


def _tell(delivery: Delivery, part: Part, conformed: Conformed, contract: Contract) -> None:
    delivery.findings += conformed.findings
    delivery.layout_ids.append(part.read.layout_id)
    if _is_main(part, contract):
        delivery.periods = list(conformed.periods)
