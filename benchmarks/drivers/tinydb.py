"""Documents in a JSON file: inserted, searched, updated, removed."""

from tinydb import Query, TinyDB, where
from tinydb.middlewares import CachingMiddleware
from tinydb.operations import add, delete, increment
from tinydb.operations import set as put
from tinydb.storages import JSONStorage, MemoryStorage

db = TinyDB("people.json", indent=1)
people = db.table("people")
people.insert({"name": "Ann", "age": 31, "tags": ["a", "b"], "at": {"city": "Rome"}})
people.insert_multiple({"name": name, "age": age} for name, age in (("Bob", 17), ("Cid", 44), ("Dee", 70)))
Person = Query()
print(people.search(Person.age > 30), people.get(doc_id=2), people.count(where("age") <= 44))
print(people.search((Person.name.matches("[A-C].*")) & ~(Person.age == 17) | Person.at.city.exists()))
print(people.search(Person.tags.any(["b", "z"])), people.search(Person.age.test(lambda age: age % 2 == 0)))
print(people.update(increment("age"), Person.name == "Ann"), people.update(put("level", 3)), people.all())
print(people.update(add("level", 2), doc_ids=[1]), people.update(delete("level"), Person.name == "Bob"))
print(people.upsert({"name": "Eve", "age": 5}, Person.name == "Eve"), people.contains(Person.name == "Eve"))
print(people.remove(Person.age < 18), len(people), [dict(one) for one in people], sorted(db.tables()))
with TinyDB("cached.json", storage=CachingMiddleware(JSONStorage)) as cached:
    for number in range(5):
        cached.insert({"number": number, "square": number**2})
    print(cached.search(where("square").one_of([4, 16])))
memory = TinyDB(storage=MemoryStorage)
memory.insert({"x": 1})
memory.drop_tables()
print(memory.all(), repr(people), str(Person.name == "x"))
db.close()
