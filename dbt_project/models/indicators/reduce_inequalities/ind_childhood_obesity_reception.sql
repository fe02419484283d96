-- Reception children measured, and those of them who are obese, by school year.
{{ obese_children('R') }}
