"""New calls made of recorded ones, and tried at a glance: the part of exploring that is done in workers.

A search tries thousands of calls a second, and hardly one in a thousand of them shows anything new. So they are
made where they are tried, and only what seems to be new goes to the process that decides (`legacy_seam.explore`).
"""
