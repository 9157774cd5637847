"""Tables made from dictionaries, searched, changed, taken apart."""

import sqlite_utils
from sqlite_utils.db import AlterError, NotFoundError

db = sqlite_utils.Database("dogs.db")
dogs = db["dogs"]
dogs.insert_all(
    [
        {"id": n, "name": name, "age": age, "breed": breed}
        for n, name, age, breed in ((1, "Cleo", 4, "Mutt"), (2, "Pancakes", 3, "Corgi"), (3, "Rex", 9, "Mutt"))
    ],
    pk="id",
)
dogs.upsert({"id": 2, "age": 5}, pk="id")
dogs.insert({"id": 4, "name": "Fido", "weight": 12.5}, alter=True)
print(list(dogs.rows), dogs.count, dogs.columns_dict, dogs.pks, dogs.schema)
print(
    dogs.get(1),
    list(dogs.rows_where("age > ?", [4], order_by="name", limit=2)),
    [column.name for column in dogs.columns],
)
dogs.update(1, {"age": 6})
dogs.delete(3)
dogs.create_index(["name"], unique=True)
dogs.add_column("born", str)
print(dogs.indexes, dogs.get(1)["age"])
dogs.enable_fts(["name", "breed"], create_triggers=True)
print([row["name"] for row in dogs.search("mutt")], db.table_names(), db.view_names())
dogs.extract("breed", table="breeds")
print(list(db["breeds"].rows), db["dogs"].foreign_keys, list(db.query("SELECT count(*) AS n FROM dogs")))
dogs.transform(types={"age": float}, rename={"weight": "kilos"}, drop={"born"})
print(dogs.schema)
db["log"].insert({"text": "x", "data": {"a": [1, 2]}}, hash_id="key")
print(list(db["log"].rows), db["log"].exists(), db["nothing"].exists())
db.create_view("old", "SELECT * FROM dogs WHERE age > 5")
print(list(db["old"].rows), db.schema[:60])
for wrong in (
    lambda: dogs.get(99),
    lambda: db["dogs"].add_foreign_key("nowhere", "breeds"),
    lambda: db["x"].insert({}),
):
    try:
        wrong()
    except (NotFoundError, AlterError, Exception) as error:
        print(type(error).__name__, error)
dogs.convert("name", lambda text: text.upper())
print(dogs.analyze_column("name"), db["tags"].lookup({"name": "good"}), db["tags"].lookup({"name": "good"}))
db["people"].insert({"id": 1, "name": "Ann"}, pk="id").m2m("tags", {"name": "kind"}, pk="id")
print(db.table_names())


@db.register_function
def shout(text):
    return text + "!"


print(list(db.query("SELECT shout(name) AS s FROM dogs ORDER BY s")))
with db.conn:
    db["people"].drop()
db.vacuum()
db.close()
