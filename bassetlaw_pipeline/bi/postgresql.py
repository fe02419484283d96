"""Load the published release into PostgreSQL: all tables in one transaction, then one rename.

Readers use schema `outcomes`. A release is loaded beside it as `outcomes_<release>`; the same transaction
renames the schema in use to its own release and the new one to `outcomes`. A rename locks no table, so no
reader waits, and none sees half a release. Loading a release that is still there only renames it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb

from bassetlaw_pipeline.bi import postgresql_tables as tables
from bassetlaw_pipeline.bi.connection import SCHEMA
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedTable, published_tables
from bassetlaw_pipeline.publication.pointer import reading
from bassetlaw_pipeline.settings import DataHome

READER = "outcomes_reader"
KEPT = 3  # earlier releases that stay beside the one in use
_OURS = "Bassetlaw outcomes, release "


class CannotLoad(RuntimeError):
    """Nothing was changed in PostgreSQL; the message says why and never carries the password."""


@dataclass(frozen=True)
class Loaded:
    """What was done. `notes` are sentences about what could not be done."""

    release_id: str
    tables: int
    rows: int
    created: bool  # False when the release was there already
    dropped: tuple[str, ...]
    notes: tuple[str, ...]

    def sentences(self) -> Iterator[str]:
        """What a person is told."""
        done = f"loaded, {self.tables} tables, {self.rows:,} rows" if self.created else "there already"
        yield f"Release {self.release_id}: {done}; readers find it in schema {SCHEMA}."
        if self.dropped:
            yield f"Dropped: {', '.join(self.dropped)}."
        yield from self.notes


def load_published(home: DataHome, url: str) -> Loaded:
    """Load the release people see now. Raises CannotLoad, also when there is none, and ReleaseChanged."""
    outcomes = reading(home)
    if outcomes is None:
        raise CannotLoad("Nothing is published yet. Do this first: bassetlaw run")
    return load(outcomes, url)


def load(outcomes: Path, url: str) -> Loaded:
    """Load the DuckDB file `outcomes` into the database at `url` (postgresql://user@host:port/database).

    Raises CannotLoad when the address is wrong, the driver is missing or the server refuses something.
    """
    with duckdb.connect(str(outcomes), read_only=True) as source, _connection(url) as connection:
        (release_id,) = source.execute("select release_id from dim_release").fetchone()
        with connection.cursor() as cursor:
            loaded = _load(source, cursor, release_id)
        connection.commit()
    return loaded


def _load(source: duckdb.DuckDBPyConnection, cursor: Any, release_id: str) -> Loaded:
    cursor.execute("select pg_advisory_xact_lock(20160401)")  # one publication at a time
    found = published_tables(source, [source.execute("select current_database()").fetchone()[0]], "main")
    schemas = _ours(cursor)
    created = release_id not in schemas.values()
    rows = _fill(source, cursor, release_id, found) if created else 0
    notes = _let_read(cursor, _versioned(release_id) if created else _name_of(schemas, release_id))
    _swap(cursor, schemas, release_id)
    dropped, held = _drop_old(cursor)
    return Loaded(release_id, len(found), rows, created, tuple(dropped), (*notes, *held))


def _versioned(release_id: str) -> str:
    return f"{SCHEMA}_{release_id.replace('-', '_')}"


def _ours(cursor: Any) -> dict[str, str]:
    """Schema -> release of every schema this module made, newest first."""
    cursor.execute(
        "select nspname, obj_description(oid, 'pg_namespace') from pg_namespace "
        f"where nspname = '{SCHEMA}' or nspname like '{SCHEMA}\\_%' order by oid desc"
    )
    found = {name: comment or "" for name, comment in cursor.fetchall()}
    if not found.get(SCHEMA, _OURS).startswith(_OURS):
        raise CannotLoad(f"The database has a schema {SCHEMA} of somebody else. Choose another database.")
    return {name: text.removeprefix(_OURS) for name, text in found.items() if text.startswith(_OURS)}


def _name_of(schemas: dict[str, str], release_id: str) -> str:
    return next(name for name, release in schemas.items() if release == release_id)


def _fill(
    source: duckdb.DuckDBPyConnection, cursor: Any, release_id: str, found: list[PublishedTable]
) -> int:
    schema = _versioned(release_id)
    cursor.execute(f'create schema "{schema}"')
    cursor.execute(f"comment on schema \"{schema}\" is '{_OURS}{release_id}'")
    return tables.fill(source, cursor, schema, found)


def _swap(cursor: Any, schemas: dict[str, str], release_id: str) -> None:
    """Give the name people use to `release_id`."""
    in_use = schemas.get(SCHEMA)
    if in_use == release_id:
        return
    if in_use:
        cursor.execute(f'alter schema {SCHEMA} rename to "{_versioned(in_use)}"')
    cursor.execute(f'alter schema "{_versioned(release_id)}" rename to {SCHEMA}')


def _let_read(cursor: Any, schema: str) -> list[str]:
    """Let the reading role read the schema; make the role where this user may."""
    cursor.execute(f"select 1 from pg_roles where rolname = '{READER}'")
    if not cursor.fetchone() and not _attempt(cursor, f"create role {READER} nologin"):
        return [f"There is no role {READER} and this user may not create it: grant rights by hand."]
    cursor.execute(f'grant usage on schema "{schema}" to {READER}')
    cursor.execute(f'grant select on all tables in schema "{schema}" to {READER}')
    return []


def _drop_old(cursor: Any) -> tuple[list[str], list[str]]:
    """Drop all but the newest earlier releases; one that somebody is reading stays until next time."""
    earlier = [name for name in _ours(cursor) if name != SCHEMA]
    cursor.execute("set local lock_timeout = '2s'")
    outcome = {name: _attempt(cursor, f'drop schema "{name}" cascade') for name in earlier[KEPT:]}
    held = [
        f"{name} is being read and stays until the next time." for name, done in outcome.items() if not done
    ]
    return [name for name, done in outcome.items() if done], held


def _attempt(cursor: Any, statement: str) -> bool:
    """Try a statement without giving up the transaction; False when the server or a reader is against it.

    A block of its own does it: after a failed statement the driver takes nothing but a rollback.
    """
    cursor.execute(
        f"do $attempt$ begin {statement}; perform set_config('outcomes.done', 'yes', true); "
        "exception when insufficient_privilege or lock_not_available then "
        "perform set_config('outcomes.done', 'no', true); end $attempt$"
    )
    cursor.execute("select current_setting('outcomes.done')")
    return cursor.fetchone()[0] == "yes"


@contextmanager
def _connection(url: str) -> Iterator[Any]:
    """An open connection; whatever the driver says becomes one sentence without the password."""
    password = _password(url)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise CannotLoad(
            "The PostgreSQL driver is not installed. Do this first: pip install adbc-driver-postgresql"
        ) from None
    try:
        with dbapi.connect(url) as connection:
            yield connection
    except dbapi.Error as problem:
        raise CannotLoad(f"PostgreSQL: {_without_password(str(problem), password)}") from None


def _password(url: str) -> str:
    """The password in the address, or nothing. Raises CannotLoad when it is no PostgreSQL address."""
    wrong = CannotLoad("Not a PostgreSQL address. Write it as postgresql://user@host:5432/database")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise wrong
    return parts.password or ""


def _without_password(message: str, password: str) -> str:
    for secret in sorted({password, unquote(password)} - {""}, key=len, reverse=True):
        message = message.replace(secret, "***")
    return " ".join(message.split())
