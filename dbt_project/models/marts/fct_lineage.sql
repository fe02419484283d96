-- Grain: indicator × delivery of one of its extracts. The deliveries behind a value are those in use whose months
-- overlap its period (growth also looks at the year before; a population estimate or a list may be of another year).
WITH indicator AS (
    SELECT indicator_id, method, unnest(string_split(source_extracts, '|')) AS extract
    FROM {{ ref('indicator_registry') }}
),

delivery AS (SELECT * FROM {{ ref('int_delivery') }} WHERE verdict <> 'rejected'),

used AS (SELECT * FROM {{ ref('int_delivery_in_use') }})

SELECT
    indicator.indicator_id,
    indicator.extract,
    delivery.partner,
    delivery.delivery_id,
    delivery.file_name,
    delivery.sha256,
    delivery.contract_version,
    delivery.received_at,
    delivery.periods[1] AS first_month,
    delivery.periods[-1] AS last_month,
    used.delivery_id IS NOT NULL AS is_in_use,
    CASE indicator.method WHEN 'published' THEN 'int_official_value' ELSE 'ind_' || indicator.indicator_id END AS model
FROM indicator
JOIN delivery ON delivery.extract = indicator.extract
LEFT JOIN used ON used.extract = delivery.extract AND used.delivery_id = delivery.delivery_id
