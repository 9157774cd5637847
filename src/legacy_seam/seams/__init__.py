"""Inserting seams: one file per technique, and the engine which plans, checks, applies and takes back.

- `technique`, `catalogue`, `techniques/`: what there is (docs/how-to/add-a-technique.md: how to add one);
- `job`, `preconditions`, `editing`: what a technique works with;
- `mentions`, `passing`, `retiring/`: parts of techniques: who spells a name, one function in front of another, the
  way back;
- `plan`: what it gives: patches, refusals, and where another behaviour can be put in;
- `trial`, `checks/`, `net`: the ladder that an edit must climb;
- `insertion`: the whole way, from a plan to an edit that is kept or taken back;
- `journal`: all files or none, even if the process is killed; and undo;
- `handbook`: the page of the reference.
"""
