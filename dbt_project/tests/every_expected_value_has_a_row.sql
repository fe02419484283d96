-- The spine, the restricted fact and the published fact have the same rows, both ways.
with expected as (select indicator_id, area_code, period_id, sex, age_band from {{ ref('int_value_spine') }}),

restricted as (select indicator_id, area_code, period_id, sex, age_band from {{ ref('fct_indicator_value_all') }}),

published as (select indicator_id, area_code, period_id, sex, age_band from {{ ref('fct_indicator_value') }})

(select 'missing from restricted' as problem, * from expected except all select 'missing from restricted', * from restricted)
union all
(select 'not expected' as problem, * from restricted except all select 'not expected', * from expected)
union all
(select 'missing from outcomes' as problem, * from expected except all select 'missing from outcomes', * from published)
union all
(select 'not expected in outcomes' as problem, * from published except all select 'not expected in outcomes', * from expected)
