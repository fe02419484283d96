"""The files of a release: DuckDB, Parquet, CSV, their dictionary and their metadata.

Belongs here: how a published table is written, described and held to its precision. Does not belong here:
which tables there are (dbt_project/models/marts) and how a release becomes visible (publication).
"""
