"""The private warehouse: dbt's inputs, dbt's runs, and the swap of a finished build.

Belongs here: everything that starts dbt or writes a file that the dbt project reads. Does not belong here:
Dagster's view of a build (orchestration), SQL (dbt_project), and what leaves the warehouse (publication).
"""
