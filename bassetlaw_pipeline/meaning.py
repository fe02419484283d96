"""What a source file does, without its comments and layout: rewording one is no new method."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_SQL_PART = re.compile(
    r"""(?P<kept>'(?:[^']|'')*'|"(?:[^"]|"")*")   # literals and quoted names, with their case and blanks
    |(?P<comment>\{\#.*?\#\}|--[^\n]*|/\*.*?\*/)
    |(?P<blank>\s+)""",
    re.DOTALL | re.VERBOSE,
)


def sha256(files: Iterable[Path], text: str = "") -> str:
    """Hash of what files do, whatever they are called, and of a text. Raises SyntaxError."""
    digest = hashlib.sha256(text.encode())
    for found in sorted(hashlib.sha256(_meaning(path)).digest() for path in files):
        digest.update(found)
    return digest.hexdigest()


def _meaning(path: Path) -> bytes:
    source = path.read_bytes()
    if path.suffix == ".py":
        return of_python(source.decode()).encode()
    return of_sql(source.decode()).encode() if path.suffix == ".sql" else source


def of_python(source: str) -> str:
    """The syntax tree of Python code without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = node.body[ast.get_docstring(node) is not None :]
    return ast.dump(tree)


def of_sql(source: str) -> str:
    """SQL, with Jinja in it, in lower case, one blank for any, without comments."""
    parts: list[str] = []
    end = 0
    for part in _SQL_PART.finditer(source):
        between = source[end : part.start()].lower()
        parts += [between] if between else []
        if part["kept"] or not parts or parts[-1] != " ":
            parts.append(part["kept"] or " ")
        end = part.end()
    return "".join([*parts, source[end:].lower()]).strip()
