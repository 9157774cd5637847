"""Watch a running program: what goes into its functions, and what comes of each call.

| file | what it knows |
|---|---|
| `probes` | how a function is made to report its calls without anything about it looking different |
| `constants` | how code calls a live object that has no name |
| `sources` | which files belong to the project |
| `loader` | how modules get their probes: while they are imported, or in place when they already are |
| `sites` | one watched function: its target, its gate, its counts |
| `sampling` | which calls are worth keeping, and when a function has shown what it does |
| `reporter` | what the probes call, and how that is kept from ever disturbing the program |
| `taken` | a call that is being looked at, from its beginning to its end |
| `capture` | the inputs before a call, the outcome after it; the telling ones are written down |
| `counting` | how many calls of each target went where |
| `session` | `Recorder`: all of it, started and stopped |
| `origin` | what a run is known by |
| `process` | which recorder is at work in this process, and what happens when it forks or ends at once |
| `children` | what the program starts is recorded as well |
| `invocation` | how Python is told what to run, and to run the same under a recorder |
| `startup` | how the recorder gets into a program by way of its environment; `hook/` is what Python loads for it |
| `launcher` | a program run under a recorder in a process of its own |
| `importlib_bootstrap` | what such a process runs first |

Everything here is loaded into the user's program: standard library only, and nothing is imported by this face.
"""
