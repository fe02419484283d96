"""Names of functions, classes, modules and models are the field's words; docs/naming.md says which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR

PACKAGES = ("bassetlaw_pipeline", "bassetlaw_sample")
# Each had a meaning of our own here once; the page of names gives the usual term.
PRIVATE = {
    "alike",
    "desk",
    "kept",
    "lanes",
    "nought",
    "stand",
    "tell",
    "told",
    "wanted",
    "way",
    "ways",
}
PRIVATE |= {"misc", "utils", "util", "helpers", "common", "stuff"}


def words(name: str) -> set[str]:
    """The words of a name in snake case or camel case."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_").split("_"))


def names(source: str) -> Iterator[str]:
    """Functions and classes of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_classes_and_modules_have_no_private_words(package):
    found = set()
    for path in (PROJECT_DIR / package).rglob("*.py"):
        every = [path.stem, *names(path.read_text(encoding="utf-8"))]
        found |= {f"{path.relative_to(PROJECT_DIR)}: {n}" for n in every if words(n) & PRIVATE}
    assert found == set()


def test_models_begin_with_their_layer():
    layers = ("stg_", "int_", "ind_", "rst_", "dim_", "fct_", "mart_", "scorecard", "v_")
    stems = {p.stem for p in (DBT_DIR / "models").rglob("*.sql")} | {
        p.stem for p in (DBT_DIR / "models").rglob("*.py")
    }
    assert {s for s in stems if not s.startswith(layers)} == set()


def test_a_name_is_taken_apart_into_its_words():
    assert words("_rows_toldApart") == {"rows", "told", "apart"}
    assert list(names("class A:\n    def b(self): ...\n")) == ["A", "b"]
