"""Layouts that follow the publisher: the contract entry that would take a file whose form has changed.

Belongs here: comparing a file with the contract that refused it, and saying what would have to be agreed.
Does not belong here: landing, which reads by what is agreed and guesses nothing.
"""
