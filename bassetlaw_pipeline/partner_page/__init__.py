"""A page with which a partner checks a file on the own machine before sending it."""
