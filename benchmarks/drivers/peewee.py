"""Models in SQLite: made, filled, joined, counted, changed within transactions."""

import datetime

from peewee import (
    JOIN,
    BooleanField,
    CharField,
    DateTimeField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    IntegrityError,
    Model,
    SqliteDatabase,
    TextField,
    fn,
    prefetch,
)

db = SqliteDatabase("blog.db", pragmas={"foreign_keys": 1})


class Base(Model):
    class Meta:
        database = db


class Person(Base):
    name = CharField(unique=True)
    age = IntegerField(null=True)
    joined = DateTimeField(default=datetime.datetime.now)


class Post(Base):
    author = ForeignKeyField(Person, backref="posts")
    title = CharField()
    text = TextField(default="")
    score = FloatField(default=0.0)
    is_public = BooleanField(default=True)


db.connect()
db.create_tables([Person, Post])
ann = Person.create(name="Ann", age=31)
bob = Person(name="Bob", age=17)
bob.save()
Person.insert_many([{"name": "Cid", "age": 44}, {"name": "Dee"}]).execute()
for number in range(6):
    Post.create(author=(ann, bob)[number % 2], title=f"Post {number}", score=number * 1.5, is_public=number != 3)
try:
    with db.atomic():
        Person.create(name="Ann")
except IntegrityError as error:
    print("refused:", error)
print([one.name for one in Person.select().where(Person.age > 20).order_by(Person.name.desc())])
for one in Post.select(Post, Person).join(Person).where(Person.name == "Ann").order_by(Post.id):
    print(one.title, one.author.name, one.score)
counted = Person.select(Person.name, fn.COUNT(Post.id).alias("n")).join(Post, JOIN.LEFT_OUTER).group_by(Person.name)
print([(one.name, one.n) for one in counted.order_by(Person.name)])
print(Person.select().count(), Post.select(fn.SUM(Post.score)).scalar(), Person.get_or_none(Person.name == "Eve"))
print(Post.update(score=Post.score + 1).where(Post.is_public == True).execute())  # noqa: E712
print(Post.delete().where(Post.title ** "%3").execute(), [post.title for post in ann.posts.order_by(Post.id)])
print(
    Person.get_or_create(name="Eve", defaults={"age": 5})[1],
    Person.select().where(Person.name.in_(["Eve", "Bob"])).sql(),
)
print([len(one.posts) for one in prefetch(Person.select().order_by(Person.id), Post.select())])
print(
    list(
        Person.select(Person.name, Person.age).where((Person.age.is_null(False)) & ~(Person.name == "Cid")).tuples()
    )
)
print(
    list(Post.select().order_by(Post.id).paginate(2, 2).dicts()),
    Person.select().where(Person.age.between(10, 40)).exists(),
)
print(Person.replace(id=4, name="Dan", age=9).execute(), Person.get_by_id(4).name, str(ann), repr(Post.title))
with db.transaction() as transaction:
    bob.delete_instance(recursive=True)
    transaction.rollback()
print(Post.select().join(Person).where(Person.name == "Bob").count(), db.get_tables(), db.get_columns("post")[:2])
db.drop_tables([Post])
db.close()
