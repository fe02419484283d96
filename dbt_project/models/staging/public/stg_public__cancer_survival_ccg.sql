-- Grain: year of diagnosis × area. The clinical commissioning group covers the same places as the district.
select
    diagnosis_year,
    case area_code when '02Q' then '{{ var("district_code") }}' else area_code end as area_code,
    area_name,
    value,
    ci95_lower,
    ci95_upper,
    base,
    note,
    _delivery_id
from {{ current_rows('cancer_survival_ccg') }} as survival
