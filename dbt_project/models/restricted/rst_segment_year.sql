-- Grain: financial year. The snapshot that stands for the year: its last, which must lie in its last quarter.
WITH person AS (SELECT DISTINCT snapshot_date FROM {{ ref('int_person_segment') }})

SELECT {{ financial_year_id('snapshot_date') }} AS period_id, max(snapshot_date) AS snapshot_date
FROM person
GROUP BY ALL
HAVING month(max(snapshot_date)) <= 3
