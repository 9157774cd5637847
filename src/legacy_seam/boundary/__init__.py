"""The boundary of a program: where its code asks something outside it, and what it was answered.

While recording, what crosses the boundary is written down with its answer (`asking`); in a replay it is answered
from there and nothing outside is asked (`answering`). Both see the calls at the places where the program's own code
makes them (`call_sites`); `rules` say which of them cross.
"""
