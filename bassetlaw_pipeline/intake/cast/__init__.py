"""From text to typed, pseudonymised rows: one set-based pass over one table of a batch of deliveries.

Belongs here: types, dates, identifying columns, rules over rows, and the window that rows must lie in.
conform.py runs the pass, statement.py is its SQL, distinct_cells.py casts each different text once,
columns.py and identifiers.py say how, row_rules.py and shifts.py judge rows. Does not belong here: opening
files (read), what earlier deliveries say (validate), and where rows are kept (store).
"""
