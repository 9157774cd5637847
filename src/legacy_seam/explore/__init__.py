"""Inputs that nobody recorded: found by changing recorded calls, run in the closed world of replays, and proposed.

`trees` takes recorded values apart; `habits` is what was learnt of them, `literals` what the source says of inputs,
`ideas` asks Hypothesis for values; `mutating` makes new calls of all that; `corpus` keeps those that show something
new; `exploring` is the search; `shrinking` makes what was found small, `choosing` keeps the fewest, `proving` asks
of each whether it holds still and which mutants it notices, and `proposals` leaves them for a person to accept.
"""
