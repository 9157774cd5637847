"""The world a call runs in, one file per dimension: observed while recording, controlled while replaying.

| file | dimension |
|---|---|
| `clock` | the instant, the clocks that only run forward, sleeping, the time zone |
| `randomness` | `random`, `uuid`, `secrets`, `os.urandom`, names of temporary files, numpy where it is loaded |
| `environment` | environment variables |
| `files` | the files a call opens, as they were before it, and what it made of them |
| `state` | data of modules and classes, mutable defaults; `reach` says which of it code can get at |
| `databases` | SQLite databases, by their rows; SQL's own clocks and dice |
| `interpreter` | working directory, locale, decimal context, loaded modules and the like |
| `native_threads` | none of linear algebra and OpenMP |
| `output` | standard streams, logging, warnings |
| `processes`, `network` | what may not be done at all; `sandbox` is the audit hook that sees to it |

Everything here is loaded into the user's program: standard library only, and nothing is imported by this face.
"""
