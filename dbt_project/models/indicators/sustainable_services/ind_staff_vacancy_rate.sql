-- Budgeted posts that are not filled and budgeted posts, full-time equivalents, by organisation and month.
{{ workforce_ratio('budgeted_fte - contracted_fte', 'budgeted_fte') }}
