"""Which files lie in the landing folder, whose they are, and which contract each belongs to.

Belongs here: names, hashes and manifests of files. Does not belong here: their content (read).
"""
