-- Grain: premises in the register of one month.
select
    _period_start as register_month,
    fhrs_id,
    business_type,
    business_type_id,
    lsoa11,
    try_cast(rating_value as integer) as rating,
    rating_date,
    hygiene,
    structural,
    confidence_in_management,
    new_rating_pending,
    _delivery_id
from {{ current_rows('bdc_food_premises') }} as premises
