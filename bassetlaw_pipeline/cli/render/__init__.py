"""What the terminal shows: tables and bars on a terminal, plain lines in a pipe, JSON for programs.

Belongs here: text and colour. Does not belong here: deciding or computing anything.
"""
