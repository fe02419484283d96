-- Leavers and a twelfth of the headcount, by organisation and month: twelve months add up to the mean headcount.
{{ workforce_ratio('leavers', 'cast(headcount / 12.0 as decimal(18, 4))') }}
