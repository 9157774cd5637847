"""SQLite databases: told by their rows, not by their bytes; put back between calls; without clocks of their own.

| file | idea |
|---|---|
| `layout` | which tables a database defines, with their keys and columns, learnt once |
| `pages` | which tables need not be compared, all their pages being the same |
| `rows` | what differs between two states of a database, by table and primary key |
| `statements` | what was said to a database that changes it, in order, with the points of commit |
| `clocks` | SQL's own clocks and dice, taken from the controlled ones |
| `connections` | those that were opened at import, put back before each call |
| `wal` | a database together with its write-ahead log |
"""

from legacy_seam.world.databases.clocks import SqlFunctions
from legacy_seam.world.databases.connections import Connections
from legacy_seam.world.databases.rows import changes_of_database, is_database
from legacy_seam.world.databases.statements import Statements

__all__ = ["Connections", "SqlFunctions", "Statements", "changes_of_database", "is_database"]
