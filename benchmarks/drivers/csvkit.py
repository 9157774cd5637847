"""Tables in text files: cut, searched, sorted, joined, described, put into SQLite."""

import sys
from pathlib import Path

from csvkit.utilities import (
    csvclean,
    csvcut,
    csvformat,
    csvgrep,
    csvjoin,
    csvjson,
    csvlook,
    csvsort,
    csvsql,
    csvstack,
    csvstat,
    in2csv,
    sql2csv,
)

Path("people.csv").write_text(
    "id,name,town,born\n1,Ann,Rome,1990-05-01\n2,Bob,Oslo,2003-12-24\n3,Cid,Rome,\n4,Dée,Paris,1951-01-31\n"
)
Path("towns.csv").write_text("town,people\nRome,2800000\nOslo,700000\nKiel,246000\n")
Path("bad.csv").write_text("a,b\n1,2,3\n4,5\n6\n")
Path("data.json").write_text('[{"a": 1, "b": "x"}, {"a": 2.5, "b": null}]')
for tool, words in (
    (csvcut.CSVCut, ["-c", "name,born", "people.csv"]),
    (csvcut.CSVCut, ["-n", "people.csv"]),
    (csvgrep.CSVGrep, ["-c", "town", "-m", "Rome", "people.csv"]),
    (csvgrep.CSVGrep, ["-c", "name", "-r", "^[AB]", "-i", "people.csv"]),
    (csvsort.CSVSort, ["-c", "born", "-r", "people.csv"]),
    (csvlook.CSVLook, ["people.csv"]),
    (csvstat.CSVStat, ["people.csv"]),
    (csvstat.CSVStat, ["--mean", "-c", "people", "towns.csv"]),
    (csvjoin.CSVJoin, ["-c", "town", "people.csv", "towns.csv"]),
    (csvjoin.CSVJoin, ["-c", "town", "--outer", "people.csv", "towns.csv"]),
    (csvstack.CSVStack, ["-g", "x,y", "towns.csv", "towns.csv"]),
    (csvjson.CSVJSON, ["-i", "2", "towns.csv"]),
    (csvformat.CSVFormat, ["-D", ";", "-U", "1", "towns.csv"]),
    (csvclean.CSVClean, ["-a", "bad.csv"]),
    (in2csv.In2CSV, ["-f", "json", "data.json"]),
    (csvsql.CSVSQL, ["people.csv"]),
    (
        csvsql.CSVSQL,
        ["--query", "SELECT town, COUNT(*) AS n FROM people GROUP BY town ORDER BY town", "people.csv"],
    ),
    (csvsql.CSVSQL, ["--db", "sqlite:///towns.db", "--insert", "--overwrite", "towns.csv"]),
    (sql2csv.SQL2CSV, ["--db", "sqlite:///towns.db", "--query", "SELECT * FROM towns WHERE people > 500000"]),
):
    print("$", tool.__name__, *words)
    try:
        tool(words, sys.stdout).run()
    except (Exception, SystemExit) as error:
        print(type(error).__name__, error)
