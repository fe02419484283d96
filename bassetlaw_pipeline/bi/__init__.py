"""What BI tools are given: files that describe the published tables to them, and a copy in PostgreSQL.

Belongs here: dictionary and indicator registry -> Superset, Power BI and Tableau files, and the load into
PostgreSQL. Does not belong here: what is published (publication), or any figure.
"""
