"""Two releases side by side: which figures differ, why, and what that makes of the version of the data.

Belongs here: comparing what is published with what was. Does not belong here: making a release (publication).
"""
