"""Quoting for generated SQL."""

from __future__ import annotations

from collections.abc import Iterable


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def bare(quoted: str) -> str:
    """The identifier that `name` quoted."""
    return quoted[1:-1].replace('""', '"')


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """String literals separated by commas."""
    return ", ".join(text(v) for v in values)
