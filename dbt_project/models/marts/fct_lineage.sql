-- Grain: indicator × delivery of one of its extracts. The deliveries behind a value are those in use whose months
-- overlap its period (growth also looks at the year before; a population estimate or a list may be of another year).
with indicator as (
    select indicator_id, method, unnest(string_split(source_extracts, '|')) as extract
    from {{ ref('indicator_registry') }}
),

delivery as (select * from {{ ref('int_delivery') }} where verdict <> 'rejected'),

used as (select * from {{ ref('int_delivery_in_use') }})

select
    indicator.indicator_id,
    indicator.extract,
    delivery.partner,
    delivery.delivery_id,
    delivery.file_name,
    delivery.sha256,
    delivery.contract_version,
    delivery.received_at,
    delivery.periods[1] as first_month,
    delivery.periods[-1] as last_month,
    used.delivery_id is not null as is_in_use,
    case indicator.method when 'published' then 'int_official_value' else 'ind_' || indicator.indicator_id end as model
from indicator
join delivery on delivery.extract = indicator.extract
left join used on used.extract = delivery.extract and used.delivery_id = delivery.delivery_id
