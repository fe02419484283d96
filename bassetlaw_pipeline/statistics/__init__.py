"""Ways to the statistics outside dbt; the methods are SQL macros in dbt_project/macros/statistics."""
