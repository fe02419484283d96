"""Dagster's run history in SQLite, without waiting for the disk after every event.

Belongs here: how its SQLite databases are opened. A first run stores some five thousand events, and
Dagster opens, prepares and closes one to three connections for each: a third of the time of landing. By
default SQLite also waits for the disk at every commit and folds its journal back whenever the last
connection closes. The history only shows what happened (the receipts are the record), so the last events
of a run may be lost when the power fails; a crashed program loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool


def _relax(connection: Any, record: Any) -> None:
    """With SQLite's write-ahead journal, NORMAL cannot corrupt a database."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")


def relax_sqlite() -> None:
    """Do not wait for the disk at every commit, in this process."""
    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


@contextmanager
def kept_open(dagster_home: Path) -> Iterator[None]:
    """Hold the history databases open, so that no other connection is the last one to close."""
    relax_sqlite()
    with ExitStack() as stack:
        for name in ("runs.db", "runs/index.db"):
            path = dagster_home / "history" / name
            if path.exists():
                connection = stack.enter_context(closing(sqlite3.connect(path)))
                connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        stack.enter_context(_connections_of_the_log_kept())
        yield


@contextmanager
def _connections_of_the_log_kept() -> Iterator[None]:
    """Let the event log use its connections again, and prepare a statement once.

    Dagster's storage makes an engine for every event and has no setting for it. Where it opens a second
    connection inside the first it still gets a second one: what the first has not committed is not the
    second's to roll back.
    """
    engines: dict[str, Engine] = {}

    def kept(url: str, connect_args: dict[str, Any], **_: Any) -> Engine:
        if url not in engines:
            options = {**connect_args, "check_same_thread": False}
            engines[url] = create_engine(url, poolclass=QueuePool, connect_args=options)
            engines[url].dispose = lambda close=True: None  # the storage's, after every event
        return engines[url]

    made = sqlite_event_log.create_engine
    sqlite_event_log.create_engine = kept
    try:
        yield
    finally:
        sqlite_event_log.create_engine = made
        for engine in engines.values():
            Engine.dispose(engine)
