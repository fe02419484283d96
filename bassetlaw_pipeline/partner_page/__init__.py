"""A page with which a partner checks a file on the own machine before sending it.

Belongs here: the page, its script and the rules it is given.
Does not belong here: the rules' source (contracts).
"""
