"""Dagster's run history in SQLite, without waiting for the disk after every event.

By default SQLite waits for the disk at every commit and folds its journal back whenever the last connection
closes. The history only shows what happened (the receipts are the record), so its last events may be lost
when the power fails; a crashed program loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def _relax(connection: Any, record: Any) -> None:
    """With SQLite's write-ahead journal, NORMAL cannot corrupt a database."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")


def relax_sqlite() -> None:
    """Do not wait for the disk at every commit, in this process."""
    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


@contextmanager
def pooled_connections(dagster_home: Path) -> Iterator[None]:
    """Hold the history databases open, so that no other connection is the last one to close."""
    relax_sqlite()
    with ExitStack() as stack:
        for name in ("runs.db", "runs/index.db"):
            path = dagster_home / "history" / name
            if path.exists():
                connection = stack.enter_context(closing(sqlite3.connect(path)))
                connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield
