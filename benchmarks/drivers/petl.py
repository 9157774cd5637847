"""Tables read from files, put in shape, and written to others."""

import sqlite3

import petl as etl

etl.wrap([["name", "town", "age"], ["Ann", "Rome", "31"], ["Bob", "Oslo", "17"], ["Cid", "Rome", ""]]).tocsv(
    "people.csv"
)
people = etl.fromcsv("people.csv")
print(people.look(), people.header(), people.nrows())
clean = (
    people.convert("age", int)
    .convert("town", "upper")
    .addfield("adult", lambda row: (row.age or 0) > 17 if row.age != "" else None)
)
print(
    clean.select(lambda row: row.town == "ROME"),
    clean.cut("name", "age"),
    clean.cutout("age"),
    clean.rename("town", "city"),
)
print(
    etl.lookall(clean.sort("name", reverse=True)),
    clean.distinct("town"),
    clean.head(1),
    clean.tail(1),
    clean.rowslice(1, 3),
)
towns = [["town", "country"], ["ROME", "Italy"], ["OSLO", "Norway"], ["PARIS", "France"]]
print(
    etl.join(clean, towns, key="town"),
    etl.leftjoin(clean, towns, key="town"),
    etl.outerjoin(clean, towns, key="town"),
)
print(etl.antijoin(towns, clean, key="town"), etl.lookup(clean, "town", "name"), etl.dictlookupone(towns, "town"))
numbers = [["k", "v"], ["a", 3], ["b", 7], ["a", 5], ["b", 2], ["c", 1]]
print(
    etl.aggregate(numbers, "k", sum, "v"),
    etl.rowreduce(numbers, "k", lambda key, rows: [key, len(list(rows))], header=["k", "n"]),
)
print(
    etl.melt(clean, "name"),
    etl.pivot([["r", "c", "v"], ["x", "p", 1], ["x", "q", 2], ["y", "p", 3]], "r", "c", "v", sum),
)
print(
    etl.valuecounts(numbers, "k"), etl.stats(numbers, "v"), etl.limits(numbers, "v"), etl.facet(numbers, "k")["a"]
)
print(
    etl.unpack([["i", "t"], [1, ["a", "b"]]], "t", ["x", "y"]),
    etl.split([["i", "t"], [1, "a-b"]], "t", "-", ["x", "y"]),
)
print(
    etl.duplicates(numbers, "k"),
    etl.unique(numbers, "k"),
    etl.conflicts(numbers, "k"),
    etl.mergeduplicates(numbers, "k"),
)
print(
    etl.filldown([["a", "b"], [1, None], [2, 4], [None, 5]]), etl.transpose(numbers), etl.cat(numbers, numbers[:2])
)
print(etl.complement(numbers, numbers[:3]), etl.diff(numbers, numbers[:4]), etl.hashjoin(clean, towns, key="town"))
print(
    etl.capture([["i", "t"], [1, "A12"]], "t", "([A-Z])([0-9]+)", ["letter", "number"]),
    etl.search(clean, "name", "A.*"),
    etl.sub(clean, "name", "n", "m"),
)
print(
    etl.validate(numbers, constraints=[{"name": "big", "field": "v", "assertion": lambda v: v > 2}]),
    etl.typecounts(numbers, "v"),
)
connection = sqlite3.connect("numbers.db")
connection.execute("CREATE TABLE numbers (k TEXT, v INTEGER)")
etl.todb(numbers, connection, "numbers")
etl.appenddb([["k", "v"], ["z", 9]], connection, "numbers")
print(etl.fromdb(connection, "SELECT k, v FROM numbers WHERE v > 2"))
etl.tojson(numbers, "numbers.json", sort_keys=True)
etl.topickle(numbers, "numbers.p")
etl.totsv(numbers, "numbers.tsv")
etl.totext(numbers, "numbers.txt", template="{k}={v}\n")
etl.tohtml(numbers, "numbers.html")
print(
    etl.fromjson("numbers.json"),
    etl.frompickle("numbers.p"),
    etl.fromtsv("numbers.tsv"),
    etl.fromtext("numbers.txt"),
)
print(
    etl.progress(numbers, 2).nrows(),
    list(etl.dicts(numbers))[:2],
    list(etl.namedtuples(numbers))[:1],
    etl.columns(numbers),
)
connection.close()
