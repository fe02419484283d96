"""Grain: one row per indicator and period with counts by ward and year: is the deprivation gap closing?

A Poisson regression, which SQL has no means for; see bassetlaw_pipeline/statistics/gap_closing.py.
The columns are described in _restricted__models.yml.
"""


def model(dbt, session):
    """The answers, as an Arrow table."""
    from bassetlaw_pipeline.statistics.gap_closing import answers

    dbt.config(materialized="table")
    return answers(dbt.ref("rst_ward_year").to_arrow_table())
