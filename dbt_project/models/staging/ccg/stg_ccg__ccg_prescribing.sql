-- Grain: practice, presentation, quantity and month.
select
    year_month,
    practice_code,
    bnf_chemical_substance,
    bnf_code,
    bnf_description,
    quantity,
    items,
    total_quantity,
    adq_usage,
    net_ingredient_cost,
    actual_cost,
    unidentified = 'Y' as is_unidentified,
    _delivery_id
from {{ current_rows('ccg_prescribing') }} as items
