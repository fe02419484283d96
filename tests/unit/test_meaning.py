"""Rewording and laying out a source file changes nothing of what it does; any other change does."""

from __future__ import annotations

import pytest

from bassetlaw_pipeline.meaning import of_python, of_sql, sha256


def test_comments_layout_and_case_of_sql_have_no_meaning():
    written = "{# why #}\nSELECT  x -- the value\nFROM t /* all\nrows */ WHERE y = 'A  b'\n"
    assert of_sql(written) == "select x from t where y = 'A  b'"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'Yes'", "select 'yes'"),
        ("select 'a -- b'", "select 'a'"),
        ("select 'it''s  1'", "select 'it''s 1'"),
        ('select "A"', 'select "a"'),
        ("select 1", "select 2"),
        ("select a b", "select ab"),
    ],
)
def test_what_sql_does_has(one, other):
    assert of_sql(one) != of_sql(other)


def test_comments_and_docstrings_of_python_have_no_meaning():
    assert of_python('"""Doc."""\ndef f(x):\n    """Doc."""\n    return x  # why\n') == of_python(
        "def f(x): return x\n"
    )
    assert of_python("def f(x): return x\n") != of_python("def f(x): return x + 1\n")


def test_a_hash_does_not_depend_on_where_a_file_lies(tmp_path):
    for name in ("one.sql", "other.sql"):
        (tmp_path / name).write_text(f"select '{name}'")
    before = sha256(tmp_path.glob("*.sql"))
    (tmp_path / "one.sql").rename(tmp_path / "z.sql")
    assert sha256(tmp_path.glob("*.sql")) == before
    (tmp_path / "z.sql").write_text("select 'changed'")
    assert sha256(tmp_path.glob("*.sql")) != before
