"""Where recordings live, from the moment of the call to the day somebody asks for them.

While a program runs, each of its processes appends to a `spool` of its own, and file contents go into `blobs`.
`wire` turns the nouns of `legacy_seam.calls` into the plain data that lies in a spool. Later, outside the program,
`recordings` folds the spools into a database that can be asked. `layout` says which of these stands where, and
`ledger` has the words for what went wrong and what was decided.

`errors`, `layout`, `spool`, `blobs`, `ledger` and `wire` are loaded into the user's program, so they import the
standard library only; everything that needs SQLAlchemy is in `schema`, `folding` and `recordings`.
"""
