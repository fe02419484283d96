"""The command's frame: the app, exit codes, options that several commands take, and failing in words."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from bassetlaw_pipeline.cli.render import terminal
from bassetlaw_pipeline.publication.integrity import ReleaseChanged
from bassetlaw_pipeline.settings import Settings


class Frame(TyperGroup):
    """Every command ends when it is asked to, and refuses a release that was changed by hand, in words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the sub-command."""
        # Whoever starts the command may have these blocked, and a child inherits that.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            return super().invoke(ctx)
        except ReleaseChanged as problem:
            fail(str(problem))
        except BrokenPipeError:  # whoever reads has seen enough: no fault
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(DONE) from None


app = typer.Typer(
    cls=Frame,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Partner extracts in, a place-level outcomes warehouse out.",
)

DONE, REJECTED, USAGE = 0, 1, 2
AsOf = Annotated[datetime | None, typer.Option(help="Data as known at this time (UTC), e.g. 2018-03-31.")]
Embargo = Annotated[
    datetime | None, typer.Option(help="Not to be seen before, UK time, e.g. 2026-12-01T09:30.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bassetlaw-pipeline {version('bassetlaw-pipeline')}")
        raise typer.Exit(DONE)


@app.callback()
def main(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Partner extracts in, a place-level outcomes warehouse out."""


def settings_or_exit(embargo: datetime | None = None) -> Settings:
    """The settings; of one that cannot be used its name and what is wrong, on exit."""
    try:
        return Settings(embargo=embargo) if embargo else Settings()
    except ValidationError as problem:
        # Name and complaint only: the value may be the key.
        wrong = (f"BASSETLAW_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in problem.errors())
        fail(f"A setting cannot be used. {'; '.join(wrong)}")


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with the code of a wrong call."""
    terminal.error(message)
    raise typer.Exit(USAGE)


def sample_generator() -> ModuleType:
    """The package that writes the synthetic sample; on exit, what to do when it is not installed."""
    try:
        return import_module("bassetlaw_sample")
    except ModuleNotFoundError as missing:
        fail(
            f"{missing.name} is not installed; the sample needs it: pip install 'bassetlaw-pipeline[sample]'"
        )


def utc(when: datetime | None) -> datetime | None:
    """A time without a zone is UTC."""
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when
