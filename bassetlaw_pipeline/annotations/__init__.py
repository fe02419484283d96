"""What happened that a reader of the figures must know: the pandemic, changed coding, services that began.

Belongs here: the register of annotations and what it generates.
Does not belong here: charts (dbt_project, report).
"""
