"""The outcomes report: a folder of static pages for the partnership's board.

Belongs here: reading the published tables of a release, and the pages, symbols and charts made of them.
Does not belong here: any number that the published file does not hold, a test or a verdict of our own
(dbt decides those), and how a release becomes visible (publication/). So the report discloses nothing more.

    site.py        which pages there are, and writing them
    published.py   the published tables as rows
    words.py       how a number and a code are written; nothing else formats a number
    symbols.py     the symbols for variation and assurance
    drawing.py, time_chart.py, bars.py, spine.py, tiles.py   charts as SVG
    overview.py, indicator.py, place.py, supply.py           what the pages say
"""
