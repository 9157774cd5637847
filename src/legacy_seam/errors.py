"""The one family of errors that are meant for people.

Whatever the user can put right (a missing file, a store from a newer version, a misspelt setting) is told by a
`SeamError`; the command line prints its message and nothing else. Anything that is not a `SeamError` is a defect.
"""

from __future__ import annotations


class SeamError(Exception):
    """Something the user can put right. The message is one sentence: what is wrong, where, and what to do.

    >>> str(SeamError("There is no script nightly.py here: give its path, or -m for a module."))
    'There is no script nightly.py here: give its path, or -m for a module.'
    """
