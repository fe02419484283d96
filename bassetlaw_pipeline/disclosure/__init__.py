"""Statistical disclosure control: primary and secondary suppression, precision, and attacks that test them.

Belongs here: choosing what to suppress (protect), proving that it cannot be worked out (intruder), and
attacking a release as an outsider would (attacks). Does not belong here: writing a release (publication).
"""
