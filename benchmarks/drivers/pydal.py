"""Tables in SQLite: defined, filled, joined, changed, exported, validated and migrated."""

import datetime
import io

from pydal import DAL, Field
from pydal.validators import IS_EMAIL, IS_IN_DB, IS_IN_SET, IS_INT_IN_RANGE, IS_NOT_EMPTY

db = DAL("sqlite://shop.db", folder=".")
db.define_table(
    "person", Field("name", requires=IS_NOT_EMPTY()), Field("email", requires=IS_EMAIL()), format="%(name)s"
)
db.define_table(
    "item",
    Field("title", length=80, unique=True),
    Field("price", "decimal(9,2)", default=1),
    Field("stock", "integer", requires=IS_INT_IN_RANGE(0, 1000)),
    Field("made", "datetime", default=lambda: datetime.datetime(2020, 2, 29, 12)),
    Field("tags", "list:string"),
    Field("extra", "json"),
    Field("owner", "reference person", requires=IS_IN_DB(db, "person.id", "%(name)s")),
    Field("state", default="new", requires=IS_IN_SET(["new", "old"])),
    Field.Virtual("worth", lambda row: row.item.price * row.item.stock),
    Field.Method("cheaper", lambda row, by: row.item.price - by),
)
db.define_table("log", Field("at", "datetime", default=datetime.datetime.now), Field("what", "text"))
ann = db.person.insert(name="Ann", email="ann@example.org")
bob = db.person.insert(name="Bob", email="bob@example.org")
db.item.bulk_insert(
    [
        {
            "title": f"Item {n}",
            "price": n * 1.5,
            "stock": n,
            "owner": (ann, bob)[n % 2],
            "tags": ["a", "b"][: n % 3],
        }
        for n in range(1, 7)
    ]
)
print(db.item.validate_and_insert(title="Bad", stock=-1, owner=99, state="gone"))
print(db.person.validate_and_insert(name="", email="nonsense"))
db.commit()
print(db(db.item).count(), db(db.item.price > 4).select(orderby=~db.item.price).first().title)
for row in db((db.item.owner == db.person.id) & (db.person.name.startswith("A"))).select(
    db.item.ALL, db.person.name, orderby=db.item.id, limitby=(0, 2)
):
    print(row.item.title, row.person.name, row.item.price, row.item.tags)
total = db.item.stock.sum()
for row in db(db.item).select(db.item.owner, total, groupby=db.item.owner, orderby=db.item.owner):
    print(row.item.owner, row[total])
first = db.item(1)
print(first.title, first.owner.name, first.worth, first.cheaper(1), first.made)
first.update_record(stock=50, extra={"b": [1, None]})
print(db(db.item.stock < 4).update(price=db.item.price + 1), db(db.item.title.like("%6")).delete())
print(
    db.item(1).extra,
    db(db.item.tags.contains("a")).count(),
    db(db.item.title.belongs(["Item 1", "Item 2"])).isempty(),
)
print(db(db.person.id.belongs(db(db.item.stock > 3)._select(db.item.owner))).select().as_list())
print(db(db.item.made.year() == 2020).count(), db(db.item.title.upper() == "ITEM 2").select(db.item.id).column())
print(db((db.item.id > 1) | ~(db.item.state == "new"))._select(db.item.id))
print(db.item.update_or_insert(db.item.title == "Item 2", title="Item 2", stock=9))
rows = db(db.item).select(left=db.person.on(db.person.id == db.item.owner), orderby=db.item.id)
print(len(rows), rows.first()["item.title"], len(rows.exclude(lambda row: row.item.id > 3)))
out = io.StringIO()
db(db.person).select().export_to_csv_file(out)
print(out.getvalue())
out.seek(0)
db.person.import_from_csv_file(io.StringIO(out.getvalue()))
print(db(db.person).count(), db.person[1].as_json())
db.item._after_insert.append(lambda fields, number: db.log.insert(what=f"{number}: {fields['title']}"))
db.item.insert(title="Last", stock=1, owner=bob)
print(db.log(1).what, type(db.log(1).at))
try:
    db.item.insert(title="Last", stock=1)
except Exception as error:
    print(type(error).__name__, error)
db.rollback()
print(db(db.item).count(), db.executesql("select count(*) from person"), db.tables, db._lastsql[0])
grouped = db(db.item).select().group_by_value("owner")
print(sorted((int(key), len(value)) for key, value in grouped.items() if key))
print(
    db.item.fields,
    db.item.stock.validate("7"),
    db.item.stock.validate("7000"),
    str(db.item.price),
    db.item.as_dict()["tablename"],
)
db.log.truncate()
db.log.drop()
db.close()
