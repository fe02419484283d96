-- Grain: one row per total of money at unit prices, area and period of which every figure is shown: those of the base
-- year less those of now. Made of what is shown, it says no more than they do; made of exact counts it would, whatever
-- it is rounded to.
{%- set terms = [] %}
{%- for total, priced in priced_totals().items() %}
    {%- for part in priced.counts.keys() | list + priced.sums | list %}
        {%- do terms.append((total, part, priced.counts.get(part, ''), priced.base)) %}
    {%- endfor %}
{%- endfor %}
with term as (
    select * from (values {% for term in terms %}
        {{ "('" ~ term | join("', '") ~ "')" }}{{ ',' if not loop.last }}{% endfor %}
    ) as listed (total_id, indicator_id, item, base)
),

terms as (select total_id, count(*) as terms from term group by total_id),

price as (select item, unit_price_gbp from {{ ref('unit_price') }}),

shown as (
    select indicator_id, area_code, period_id, sex, age_band, numerator
    from {{ ref('rst_released') }}
    where has_value and numerator is not null
),

change as (
    select
        term.total_id, now.area_code, now.period_id, now.sex, now.age_band,
        (earlier.numerator - now.numerator) * coalesce(price.unit_price_gbp::double, 1) as amount
    from term
    join shown as now on now.indicator_id = term.indicator_id
    join shown as earlier
        on earlier.indicator_id = now.indicator_id and earlier.area_code = now.area_code and earlier.sex = now.sex
        and earlier.age_band = now.age_band
        and earlier.period_id = term.base || substr(now.period_id, length(term.base) + 1)
    left join price on price.item = term.item
    where now.period_id like 'FY%'
)

select change.total_id as indicator_id, area_code, period_id, sex, age_band, sum(amount) as amount
from change
join terms on terms.total_id = change.total_id
group by change.total_id, area_code, period_id, sex, age_band, terms.terms
having count(*) = terms.terms
