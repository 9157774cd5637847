"""Replaying calls while one function is another one: the part of grading that is done in workers.

The worker that replays calls imports the program and executes none of it; so it can be forked again and again. A
mutant is the code object of one function, put in the place of the original in every function that has it; no file
is touched, no decorator runs again, and whatever holds the function sees it. `bodies` makes and exchanges code
objects, `fuel` ends loops that do not end, `watching` says which lines a call runs, `board` is where a process that
may die at any moment leaves its verdicts, `fingerprint` says whether anything is left of a call, and `job` is what
the worker does with all that.
"""
