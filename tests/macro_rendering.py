"""Renders SQL that calls the project's statistics macros without starting dbt.

Tests and benchmarks run the very text that dbt would run. Only plain Jinja is available: the macros
use no adapter, no graph and no `ref`. What a macro refuses (a confidence of 0.8) raises MacroError, where dbt
would stop.
"""

from functools import cache
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.runtime import Macro
from jinja2.sandbox import SandboxedEnvironment

MACROS = Path(__file__).parents[1] / "dbt_project" / "macros" / "statistics"


class MacroError(ValueError):
    """A macro was called with an argument it refuses."""


class _Exceptions:
    """Stands in for dbt's `exceptions` object, of which the macros use one function."""

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        """Raises MacroError with the macro's message."""
        raise MacroError(message)


def render(sql: str, folder: Path = MACROS, **variables: object) -> str:
    """SQL with every macro call in it expanded, using the macro files of `folder`."""
    environment, macros = _load(folder)
    return environment.from_string(sql, globals={**environment.globals, **macros}).render(**variables).strip()


@cache
def _load(folder: Path) -> tuple[SandboxedEnvironment, dict[str, Macro]]:
    environment = SandboxedEnvironment(undefined=StrictUndefined, extensions=["jinja2.ext.do"])
    environment.globals["exceptions"] = _Exceptions
    text = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.sql")))
    module = environment.from_string(text).module
    return environment, {name: value for name, value in vars(module).items() if isinstance(value, Macro)}
