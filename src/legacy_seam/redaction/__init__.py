"""Secrets do not reach a file: what stands in recordings and golden masters in their place, and how they are known.

| file | what it knows |
|---|---|
| `names` | which names tell that what they name is a secret |
| `patterns` | what secrets look like, wherever they stand |
| `numbers` | numbers of cards and accounts, and their check digits |
| `assignments` | values behind the name of a secret, within a text |
| `search` | the search for all of these, in texts and in trees of values |
| `gate` | the quick look that tells nearly everything from what has to be searched |
| `pseudonyms` | what stands in the place of a secret, and is known for what it is |
| `likeness` | whether two texts part only by pseudonyms of different keys |
| `rules` | what a project says about its secrets |
| `redactor` | all of it, for calls, runs, messages |
| `contents`, `databases` | the same for files |

All of this is loaded into the user's program: standard library only.
"""

from legacy_seam.redaction.redactor import PUBLIC_KEY, Note, Redactor
from legacy_seam.redaction.rules import DEFAULT, RuleError, Rules
from legacy_seam.redaction.search import AGAIN

__all__ = ["AGAIN", "DEFAULT", "PUBLIC_KEY", "Note", "Redactor", "RuleError", "Rules"]
