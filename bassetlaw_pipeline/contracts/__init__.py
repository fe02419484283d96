"""What an extract promises: contracts, typed and loaded, and everything that is derived from them.

Belongs here: the data contracts in expectations/contracts.
Does not belong here: reading a file by one (intake).
"""
