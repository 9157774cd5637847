"""Watch a running program: what goes into its functions, and what comes of each call.

| file | what it knows |
|---|---|
| `probes` | how a function is made to report its calls without anything about it looking different |
| `sources` | which files belong to the project |
| `loader` | how modules get their probes: while they are imported, or in place when they already are |
| `sites` | one watched function: its target, its parameters, its gate and its counts |
| `sampling` | which calls are worth keeping, and when a function has shown what it does |
| `capture` | what the probes report to: the inputs before a call, the outcome after it |
| `session` | `Recorder`: all of it, started and stopped |
| `launcher` | a program run under a recorder in a process of its own |

Everything here is loaded into the user's program: standard library only, and nothing is imported by this face.
"""
