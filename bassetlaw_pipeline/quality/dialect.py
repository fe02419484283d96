"""The SQLAlchemy dialect `duckdb+autocommit`, through which Great Expectations reads DuckDB.

Great Expectations reads a result after SQLAlchemy has ended the transaction, and DuckDB discards pending
results with a rollback. Reading needs no transactions, so this dialect never begins or ends one.
"""

from __future__ import annotations

from typing import Any

import duckdb_engine


class AutocommitDialect(duckdb_engine.Dialect):
    """DuckDB without transactions; for reading only."""

    supports_statement_cache = False

    def do_begin(self, connection: Any) -> None:
        """Begin nothing."""

    def do_commit(self, connection: Any) -> None:
        """Commit nothing."""

    def do_rollback(self, connection: Any) -> None:
        """Roll nothing back, so that pending results stay readable."""
