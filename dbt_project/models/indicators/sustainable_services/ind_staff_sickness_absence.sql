-- Days lost to sickness and days available, by organisation and month.
{{ workforce_ratio('fte_days_sick', 'fte_days_available') }}
