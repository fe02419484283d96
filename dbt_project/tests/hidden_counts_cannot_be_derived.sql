-- From the published table alone: in every set of areas that add up to the district, each hidden count keeps at
-- least three possible values when everything else in the set is known as exactly as it is shown. People on the lists
-- of a network are not all residents: where the parts cannot add up to the whole there is nothing to derive.
WITH area AS (SELECT area_code, area_type, parent_code FROM {{ ref('int_area') }}),

cell AS (
    SELECT
        value.indicator_id, value.period_id, value.area_code, area.area_type, area.parent_code,
        value.value_status = 'suppressed_primary' AND value.numerator IS NULL AS hidden,
        CASE WHEN value_status = 'suppressed_primary' THEN 1 WHEN numerator IS NULL OR numerator = 0 THEN 0
            WHEN value_status = 'official' THEN numerator ELSE greatest(numerator - 2, 8) END AS low,
        -- Of a share it may be the others who are too few: then its numerator is up to the denominator.
        CASE WHEN value_status = 'suppressed_primary' AND value.method = 'proportion' THEN coalesce(denominator + 2, 7)
            WHEN value_status = 'suppressed_primary' THEN 7 WHEN numerator IS NULL THEN 1e12
            WHEN numerator = 0 OR value_status = 'official' THEN numerator ELSE numerator + 2 END AS high
    FROM {{ ref('fct_indicator_value') }} AS value
    JOIN area ON area.area_code = value.area_code
    JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = value.indicator_id
    WHERE indicator.policy = 'hes2018' AND indicator.headline = 'value'
),

part AS (
    SELECT
        *,
        sum(low) OVER siblings - low AS others_low,
        sum(high) OVER siblings - high AS others_high
    FROM cell
    WHERE area_type IN ('ward', 'imd_quintile', 'pcn')
    WINDOW siblings AS (PARTITION BY indicator_id, period_id, area_type)
)

SELECT part.indicator_id, part.period_id, part.area_code
FROM part
JOIN cell AS total
    ON total.area_code = part.parent_code
    AND total.indicator_id = part.indicator_id
    AND total.period_id = part.period_id
WHERE part.hidden AND NOT total.hidden
    AND part.low + part.others_low <= total.high AND part.high + part.others_high >= total.low
    AND least(part.high, total.high - part.others_low) - greatest(part.low, total.low - part.others_high) + 1 < 3
