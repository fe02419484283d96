"""Errors as Dagster may keep them: what broke and where, never a value from a file.

Database and parsing errors quote the value they stumbled over, and Dagster stores and shows every message,
so only messages of our own exception types are passed on.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

_OURS = "bassetlaw_pipeline."


@contextmanager
def without_values(what: str) -> Iterator[None]:
    """Run a block; let an exception out only as a Failure that carries no data."""
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        description, place = describe(error)
        raise dg.Failure(f"{what}: {description}", metadata={"where": place}, allow_retries=False) from None


def describe(error: BaseException) -> tuple[str, str]:
    """What broke in words without data, and the lines of our code it passed through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "bassetlaw_pipeline" in f.filename]
    places = [f"{Path(f.filename).name}, {f.name}, line {f.lineno}" for f in frames]
    if type(error).__module__.startswith(_OURS) or isinstance(error, OSError):
        return str(error), " > ".join(places)
    where = places[-1] if places else "outside the pipeline"
    return f"{type(error).__name__} in {where} (its message may quote data and is not kept)", " > ".join(
        places
    )
