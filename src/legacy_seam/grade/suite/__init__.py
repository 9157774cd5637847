"""Grading a test suite of pytest: hand-written characterization tests, or any others.

`host` is the process in which pytest has collected the tests once; it is forked for each mutant, and runs the tests
that run the place until one fails. `grading` asks it, and makes verdicts of what it answers. Unlike golden masters,
tests are run as they are: nothing keeps them, or a mutant in them, from touching the real world.
"""
