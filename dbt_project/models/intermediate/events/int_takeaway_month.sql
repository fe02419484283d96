-- Grain: open takeaway × month of the register. An award counts while it stands in the newest list of that month or
-- before; a premises that the list does not name holds none.
with

premises as (select * from {{ ref('stg_district_council__bdc_food_premises') }}),

awards as (select * from {{ ref('stg_district_council__bdc_hot_awards') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

target_wards as (select * from {{ ref('int_target_ward') }}),

newest_list as (
    select registers.register_month, max(lists.list_month) as list_month
    from (select distinct register_month from premises) as registers
    inner join (select distinct list_month from awards) as lists on lists.list_month <= registers.register_month
    group by all
)

select
    premises.fhrs_id,
    premises.register_month as month_start,
    lsoas.lsoa11_code as lsoa11,
    target_wards.ward17_code is not null as is_in_target_ward,
    premises.rating,
    coalesce(awards.hot_award <> 'none', false) as has_award
from premises
left join newest_list on premises.register_month = newest_list.register_month
left join awards on newest_list.list_month = awards.list_month and premises.fhrs_id = awards.fhrs_id
left join lsoas on premises.lsoa11 = lsoas.lsoa11_code
left join target_wards on lsoas.ward17_code = target_wards.ward17_code
where premises.business_type_id = {{ indicator_parameter('healthy_options_takeaways', 'business_type') }}
