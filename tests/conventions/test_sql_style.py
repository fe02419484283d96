"""SQL of the dbt project is written in one way: words of SQL in lower case, no trailing blanks.

DuckDB says which words those are. (sqlfluff takes 2.3 s of processor time a model, 14 minutes for all.)
"""

from __future__ import annotations

import re

import duckdb
import pytest

from bassetlaw_pipeline.settings import DBT_DIR
from bassetlaw_pipeline.sync import outputs

_NOT_SQL = re.compile(
    r"""\{\#.*?\#\} | \{\{.*?\}\} | \{%.*?%\} | --[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" """,
    re.DOTALL | re.VERBOSE,
)
_RUN_TIME = {"target", "dbt_packages", "logs"}
FILES = sorted(p for p in DBT_DIR.rglob("*.sql") if not _RUN_TIME & set(p.relative_to(DBT_DIR).parts))


@pytest.fixture(scope="module")
def words() -> set[str]:
    with duckdb.connect() as con:
        found = con.execute(
            "select keyword_name from duckdb_keywords() union select type_name from duckdb_types() "
            "union select function_name from duckdb_functions()"
        ).fetchall()
    return {word.upper() for (word,) in found}


def shouted(text: str, words: set[str]) -> set[str]:
    """Words of SQL that are written in capitals."""
    return {w for w in re.findall(r"\b[A-Z][A-Z0-9_]+\b", _NOT_SQL.sub(" ", text)) if w in words}


def test_words_of_sql_are_in_lower_case(words):
    generated = outputs()
    found = {
        p.relative_to(DBT_DIR).as_posix(): sorted(capitals)
        for p in FILES
        if p not in generated and (capitals := shouted(p.read_text(encoding="utf-8"), words))
    }
    assert FILES and found == {}


def test_no_line_ends_in_blanks_or_holds_a_tab():
    found = [p.name for p in FILES if re.search(r"[ \t]+$|\t", p.read_text(encoding="utf-8"), re.MULTILINE)]
    assert found == []


def test_text_comments_and_jinja_are_no_words_of_sql(words):
    assert shouted("-- NULL\nselect 'CASE', {{ x('NULL') }} {# AND #}", words) == set()
    assert shouted("SELECT 1 as ONE", words) == {"SELECT", "ONE"} & words
