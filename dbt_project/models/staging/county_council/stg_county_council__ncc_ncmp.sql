-- Grain: measurement of one child.
select
    _period_start as school_year_start,
    measurement_key,
    person_key,
    case sex when 'M' then 'male' when 'F' then 'female' end as sex,
    age_in_months,
    school_year,
    ethnic_category,
    height,
    weight,
    bmi,
    bmi_z_score,
    bmi_p_score,
    lsoa11,
    pupil_la_code,
    school_urn,
    _delivery_id
from {{ current_rows('ncc_ncmp') }} as measurements
