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
from bassetlaw_pipeline.intake.cast.conform import Conformed, Part, batch_key, conform
from bassetlaw_pipeline.intake.cast.distinct_cells import CastCache
from bassetlaw_pipeline.intake.cast.pseudonym import Key
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, Finding, TableCounts
from bassetlaw_pipeline.intake.read import read, recognises
from bassetlaw_pipeline.intake.store.quarantine import QuarantinedRow, write_quarantine
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
    quarantined_rows: list[QuarantinedRow] = field(default_factory=list)
    failed: bool = False

    def discard_rows(self) -> None:
        """Remove the rows of a delivery that is not accepted."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def fail(self, *findings: Finding) -> None:
        """Forget what was conformed, if anything, and keep the reasons."""
        self.discard_rows()
        self.tables, self.files, self.quarantined_rows = {}, {}, []
        self.findings += findings
        self.failed = True


@dataclass(frozen=True)
class _WorkerContext:
    """What a worker needs for any batch of one extract."""

    contract: Contract
    key: Key | None
    settings: Settings
    idle: SimpleQueue[duckdb.DuckDBPyConnection]  # databases, one for each worker
    known: CastCache = field(default_factory=CastCache)


def read_and_cast(
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
        worker = _WorkerContext(contract, key, settings, idle)
        list(pool.map(lambda batch: _read_and_cast(batch, worker), batches))
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


def _read_and_cast(batch: Sequence[Delivery], worker: _WorkerContext) -> None:
    parts = {id(d): found for d in batch if (found := _read(d)) is not None}
    readable = [d for d in batch if id(d) in parts]
    con = worker.idle.get()
    try:
        _conform_batch(con, readable, parts, worker)
    except Exception:
        # One file may have broken the batch: each again by itself, so that only that one fails.
        for delivery in readable:
            _conform_alone(con, delivery, parts[id(delivery)], worker)
    finally:
        worker.idle.put(con)


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
    con: duckdb.DuckDBPyConnection, delivery: Delivery, parts: list[Part], worker: _WorkerContext
) -> None:
    try:
        _conform_batch(con, [delivery], {id(delivery): parts}, worker)
    except Exception as error:
        delivery.fail(Finding(code="INTERNAL_ERROR", detail=type(error).__name__))


def _conform_batch(
    con: duckdb.DuckDBPyConnection,
    batch: Sequence[Delivery],
    parts: dict[int, list[Part]],
    worker: _WorkerContext,
) -> None:
    """All tables of all deliveries, then their findings: nothing is told of a batch that broke."""
    groups: dict[object, list[tuple[Delivery, Part]]] = defaultdict(list)
    for delivery in batch:
        delivery.tables, delivery.files, delivery.quarantined_rows, delivery.window = {}, {}, [], None
        delivery.folder.mkdir(exist_ok=True)
        for part in parts[id(delivery)]:
            groups[batch_key(part, worker.contract)].append((delivery, part))
    done: list[tuple[Delivery, Part, Conformed]] = []
    # The main table first: it says which periods the delivery reports on.
    for members in sorted(groups.values(), key=lambda found: not _is_main(found[0][1], worker.contract)):
        group = [replace(part, window=delivery.window) for delivery, part in members]
        conformed = conform(con, group, worker.contract, worker.key, worker.settings, worker.known)
        for (delivery, part), result in zip(members, conformed, strict=True):
            if _is_main(part, worker.contract):
                delivery.window = result.window
            _write(delivery, part, result, worker.contract)
            done.append((delivery, part, result))
    for delivery in batch:
        period = parts[id(delivery)][0].period if parts[id(delivery)] else None
        write_quarantine(
            delivery.folder, delivery.quarantined_rows, delivery.arrival, worker.contract, period
        )
    for delivery, part, result in done:
        _add_findings(delivery, part, result, worker.contract)


def _is_main(part: Part, contract: Contract) -> bool:
    return part.read.table.name == contract.main.name


def _write(delivery: Delivery, part: Part, conformed: Conformed, contract: Contract) -> None:
    """Accepted rows of one table into their file; rows set aside are remembered."""
    table = part.read.table
    file = delivery.folder / contract.rows_file(table)
    pq.write_table(conformed.accepted, file, compression="zstd", store_schema=False)
    delivery.tables[table.name], delivery.files[table.name] = conformed.counts, file
    delivery.quarantined_rows += conformed.quarantined_rows


def _add_findings(delivery: Delivery, part: Part, conformed: Conformed, contract: Contract) -> None:
    delivery.findings += conformed.findings
    delivery.layout_ids.append(part.read.layout_id)
    if _is_main(part, contract):
        delivery.periods = list(conformed.periods)
