-- Grain: indicator × length of period in months, of indicators whose events a person may have repeatedly. The variance of
-- their count over that of independent events: sum(f² n_f) / sum(f n_f), f being the events of a person in a period and
-- n_f the people with so many. One factor for every area and age, from all periods of that length that follow each
-- other, as single areas have too few people; somebody who is not known counts by each event.
WITH event AS (
    {%- for indicator_id, counted in repeated_events().items() %}
    SELECT
        '{{ indicator_id }}' AS indicator_id, month_start, person_key, count(*) AS events
    FROM {{ ref(counted.events) }}
    WHERE ({{ counted.condition }}) AND (lsoa11 IS NOT NULL OR pcn_code IS NOT NULL) AND month_start IS NOT NULL
    GROUP BY ALL
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),

length AS (SELECT DISTINCT indicator_id, months FROM {{ ref('int_value_spine') }}),

span AS (
    SELECT indicator_id, min(month_start) AS first_month, max(month_start) AS last_month
    FROM event
    GROUP BY ALL
),

placed AS (
    SELECT
        event.*, length.months,
        datediff('month', event.month_start, span.last_month) // length.months AS period,
        (datediff('month', span.first_month, span.last_month) + 1) // length.months AS whole_periods
    FROM event
    JOIN span ON span.indicator_id = event.indicator_id
    JOIN length ON length.indicator_id = event.indicator_id
),

person AS (
    SELECT indicator_id, months, period, person_key, sum(events)::DOUBLE AS events
    FROM placed
    WHERE period < whole_periods
    GROUP BY ALL
)

SELECT
    indicator_id,
    months,
    greatest(1, sum(CASE WHEN person_key IS NULL THEN events ELSE events * events END) / sum(events)) AS dispersion
FROM person
GROUP BY ALL
