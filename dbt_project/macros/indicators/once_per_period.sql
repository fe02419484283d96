{#
  Rows of people, each once in every period that the registry names for an indicator, and in every month: the last row
  of the person in the period. Months of people do not add up, so each kind of period is counted by itself.

  events   relation with a column month_start
  person   column that tells one person from another
  Returns a query with all columns of the relation, period_type and period_start.
#}
{% macro once_per_period(indicator_id, events, person) -%}
select events.*, periods.period_type, periods.period_start
from {{ events }} as events
inner join (
    {%- for kind in period_types() %}
    select
        month_start,
        '{{ kind.type }}' as period_type,
        cast(month_start - to_months(back) as date) as period_start
    from (select distinct month_start from {{ events }}) as months
    cross join (select unnest(range({{ kind.months }})) as back) as earlier
    {%- if kind.starts %}
    where month(month_start - to_months(back)) in ({{ kind.starts | join(', ') }})
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as periods on events.month_start = periods.month_start
where periods.period_type = 'month' or periods.period_type in (
    select unnest(periods) from {{ ref('int_indicator') }} where indicator_id = '{{ indicator_id }}'
)
qualify row_number() over (
    partition by periods.period_type, periods.period_start, events.{{ person }} order by events.month_start desc
) = 1
{%- endmacro %}
