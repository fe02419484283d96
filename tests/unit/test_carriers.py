"""No published table is forgotten when it is asked who could recover counts from it."""

from __future__ import annotations

from bassetlaw_pipeline.disclosure.attacks import carriers
from bassetlaw_pipeline.publication.comparison.restatement import TABLE as RESTATEMENT
from bassetlaw_pipeline.publication.outputs.dictionary import NAMES, declared_tables

KINDS = (carriers.ATTACKED, carriers.FOLLOWS, carriers.GATED, carriers.NO_COUNTS)
MADE_WHILE_PUBLISHING = {*NAMES, RESTATEMENT, "dim_release"}


def test_every_published_table_is_attacked_or_says_why_not():
    published = {table.name for table in declared_tables()} | MADE_WHILE_PUBLISHING
    assert set(carriers.DECLARED) == published


def test_a_table_is_of_one_kind_and_has_a_reason():
    assert len(carriers.DECLARED) == sum(map(len, KINDS))
    assert all(reason.strip() for reason in carriers.DECLARED.values())


def test_a_table_without_counts_has_no_column_for_them():
    """A number in a table that is said to carry none needs a second look."""
    known = {"dim_area", "dim_indicator", "dim_plan_context", *NAMES}
    numbers = {
        table.name
        for table in declared_tables()
        if any(column.type in ("DOUBLE", "BIGINT") for column in table.columns)
    }
    assert numbers & set(carriers.NO_COUNTS) <= known
