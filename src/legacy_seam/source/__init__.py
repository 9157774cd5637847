"""A program's text, read without importing it.

```python
from legacy_seam.source import Program

program = Program.at([Path("src")])
for module in program.modules():
    for function in module.functions:
        print(function.target, function.first_line, function.kind)
```

What cannot be read or parsed (Python 2, a broken or huge file, an unknown encoding) comes with a reason, never as
an exception: `Program.skipped` lists it. The parts:

- `files`: which files are Python files of the project;
- `text`: bytes to text and back, newline style, indentation;
- `parsing`: text to a syntax tree, within limits; `deep` for what nests too far for an ordinary stack;
- `modules`: one module, its functions, its bindings;
- `functions`: the functions of a module and where they stand;
- `scopes`, `references`, `bindings`: what a name means where it stands, exactly or not at all;
- `hierarchy`: which class has which bases, what overrides what;
- `search`: where something is used, without parsing what cannot use it.
"""

from legacy_seam.source.bindings import Exactly, Meaning, Unclear, Why
from legacy_seam.source.functions import Function, Kind
from legacy_seam.source.hierarchy import Hierarchy
from legacy_seam.source.modules import Module
from legacy_seam.source.parsing import Skipped
from legacy_seam.source.program import Program
from legacy_seam.source.references import Reference
from legacy_seam.source.search import Site, find
from legacy_seam.source.text import SourceText

__all__ = [
    "Exactly",
    "Function",
    "Hierarchy",
    "Kind",
    "Meaning",
    "Module",
    "Program",
    "Reference",
    "Site",
    "Skipped",
    "SourceText",
    "Unclear",
    "Why",
    "find",
]
