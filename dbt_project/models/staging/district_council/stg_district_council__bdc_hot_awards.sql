-- Grain: premises in the award list of one month.
select
    _period_start as list_month,
    fhrs_id,
    hot_award,
    hot_award_date,
    _delivery_id
from {{ current_rows('bdc_hot_awards') }} as awards
