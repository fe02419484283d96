"""Statistics that SQL cannot do: the Poisson regression behind "is the gap closing?".

Every other method is a macro in dbt_project/macros/statistics.
"""
