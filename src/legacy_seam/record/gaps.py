"""What could not be written down of the inputs of a call, told from their texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_TOKEN = re.compile(rf"(?<![\w.:])opaque\((?P<type>{_STRING}), (?P<why>{_STRING})\)|{_STRING}", re.DOTALL)


def gap_in(texts: Mapping[str, str]) -> str | None:
    """The first thing that these inputs hold and that could not be written down; None where there is none.

    Args:
        texts: the inputs, in the notation of `legacy_seam.values`, by name.

    >>> gap_in({"path": "'a.db'", "db": "opaque('sqlite3:Connection', 'a connection to a database')"})
    'db holds a connection to a database (sqlite3:Connection)'
    >>> gap_in({"note": '"opaque(\\'x\\', \\'y\\')"'}) is None
    True
    """
    for name, text in texts.items():
        if "opaque(" not in text:
            continue
        for token in _TOKEN.finditer(text):
            if token["type"] is not None:
                return f"{name} holds {token['why'][1:-1]} ({token['type'][1:-1]})"
    return None
