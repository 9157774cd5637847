"""Rows in SQLite, in a file and in memory: tables made as they are needed."""

from datetime import date

from dataset.chunked import ChunkedInsert

import dataset

db = dataset.connect("sqlite:///books.db")
books = db["books"]
books.insert({"title": "Emma", "year": 1815, "price": 7.5})
books.insert_many(
    [{"title": f"Volume {number}", "year": 1900 + number, "price": number / 4} for number in range(12)]
)
books.insert({"title": "Ulysses", "year": 1922, "read": date(2020, 6, 16)})
books.update({"title": "Emma", "price": 8.25}, ["title"])
books.upsert({"title": "Dune", "year": 1965}, ["title"])
books.upsert({"title": "Dune", "price": 9.0}, ["title"])
books.insert_ignore({"title": "Dune", "price": 1.0}, ["title"])
books.upsert_many([{"title": "Emma", "price": 1.0}, {"title": "It", "price": 2.0}], ["title"])
books.update_many([{"title": "It", "year": 1986}], ["title"])
print(books.columns, len(books), books.count(year={">": 1905}), books.find_one(title="Emma"))
print([row["title"] for row in books.find(year={"between": [1903, 1906]}, order_by="-year", _limit=3)])
print(list(books.distinct("year"))[:3], [row["title"] for row in books.find(title=["Emma", "It"])])
print(books.delete(title="Volume 3"), books.has_column("price"), books.has_index(["year"]))
books.create_index(["year"])
books.create_column("stock", db.types.integer)
books.create_column_by_example("weight", 1.5)
try:
    books.drop_column("read")
except RuntimeError as error:
    print(error)
print(books.has_index(["year"]), books.columns)
with db as within:
    within["people"].insert({"name": "Ann", "age": 31})
try:
    with db as within:
        within["people"].insert({"name": "Bob"})
        raise ValueError("not today")
except ValueError as error:
    print(error, len(db["people"]))
print(list(db.query("SELECT name, age FROM people WHERE age > :least", least=30)), sorted(db.tables))
table = db.create_table("cities", primary_id="code", primary_type=db.types.string(8))
table.insert({"code": "ROM", "name": "Rome"})
print(list(table.all()), "cities" in db, db.load_table("people").find_one(name="Ann"))
table.drop()
db.close()
memory = dataset.connect("sqlite:///:memory:")
memory["t"].insert({"a": 1}, ensure=True, types={"a": memory.types.float})
print(list(memory["t"]), ChunkedInsert)
with ChunkedInsert(memory["t"], chunksize=3) as chunks:
    for number in range(7):
        chunks.insert({"a": number})
print(len(memory["t"]))
