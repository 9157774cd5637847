"""The mutation operators, one a file. Whoever adds one adds a file, and nothing else.

`catalogue` finds them; `operator` says what one is.
"""

from legacy_seam.grade.operators.catalogue import DEFAULT, OPERATORS, named
from legacy_seam.grade.operators.operator import Change, Example, Operator

__all__ = ["DEFAULT", "OPERATORS", "Change", "Example", "Operator", "named"]
