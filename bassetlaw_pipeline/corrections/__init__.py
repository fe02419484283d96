"""Known errors of partners, put right by rule until the partner has put them right.

Belongs here: the register of corrections and what it generates.
Does not belong here: applying them (dbt_project).
"""
