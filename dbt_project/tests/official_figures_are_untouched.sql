-- A figure already published officially is shown as published, in the digits that are published here.
select indicator_id, area_code, period_id
from {{ ref('fct_indicator_value_all') }} as exact
join {{ ref('fct_indicator_value') }} as published using (indicator_id, area_code, period_id, sex, age_band)
join {{ ref('int_indicator') }} as indicator using (indicator_id)
where (exact.value_status = 'official' or published.value_status = 'official')
    and (published.value_status, published.numerator, published.denominator, published.value)
        is distinct from (exact.value_status, {{ rounded_by('whole', 'exact.numerator') }}, {{ rounded_by('two_decimals', 'exact.denominator') }},
            {{ published_number('figure', 'exact.value', 'exact.method', 'indicator.precision', events='exact.numerator') }})
