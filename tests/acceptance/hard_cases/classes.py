"""Methods of every kind, and objects that make it hard to look at them."""

import dataclasses
import enum
import functools
import threading
import typing
import weakref


class Account:
    fee = 5  # becomes, for Account.charged: fee = 6
    opened = 0

    def __init__(self, owner):
        self.owner = owner
        self._limit = 100
        self.nickname = None  # becomes: self.nickname = ""

    def charged(self):
        return self.fee * 2

    def renames(self, name):
        self.owner, old = name, self.owner  # becomes: self.owner, old = name.strip(), self.owner
        return old

    @property
    def limit(self):
        return self._limit * 2  # becomes: return self._limit * 3

    @limit.setter
    def limit(self, value):
        self._limit = value  # becomes: self._limit = int(value)

    @limit.deleter
    def limit(self):
        self._limit = 0  # becomes: self._limit = None

    @functools.cached_property
    def score(self):
        return len(self.owner) * 7  # becomes: return len(self.owner) * 8

    @classmethod
    def open(cls, owner):
        cls.opened += 1  # becomes: cls.opened += 2
        return cls(owner)

    @staticmethod
    def checked(number):
        return number % 97 == 1  # becomes: return number % 97 == 2

    def __call__(self, amount):
        return self._limit - amount  # becomes: return self._limit + amount

    def __eq__(self, other):
        return True

    __hash__ = None

    def __repr__(self):
        return "<Account>"


def opens(owner):
    account = Account.__new__(Account)
    account.owner = owner
    account._limit = 7  # becomes: account._limit = 8
    return account


class Celsius:
    def __get__(self, instance, owner=None):
        return instance.kelvin - 273  # becomes: return instance.kelvin - 273.15

    def __set__(self, instance, value):
        instance.kelvin = value + 273  # becomes: instance.kelvin = value + 273.15


class Room:
    celsius = Celsius()

    def __init__(self, kelvin):
        self.kelvin = kelvin


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, dx):
        return Point(self.x + dx, self.y)  # becomes: return Point(self.x + dx, float(self.y))

    def __add__(self, other):
        return (self.x + other.x, self.y + other.y)  # becomes: return (self.x + other.x, self.y - other.y)

    def __radd__(self, other):
        return other + self.x  # becomes: return other + self.y

    def __iadd__(self, other):
        self.x += other  # becomes: self.y += other
        return self

    def __lt__(self, other):
        return self.x < other.x  # becomes: return self.x <= other.x

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x  # becomes: return self is other

    def __hash__(self):
        return 5  # becomes: return 6

    def __len__(self):
        return 2  # becomes: return 3

    def __bool__(self):
        return self.x > 0  # becomes: return self.x >= 0

    def __getitem__(self, index):
        return (self.x, self.y)[index]  # becomes: return (self.y, self.x)[index]

    def __setitem__(self, index, value):
        setattr(self, "xy"[index], value)  # becomes: setattr(self, "yx"[index], value)

    def __contains__(self, value):
        return value in (self.x, self.y)  # becomes: return value == self.x

    def __format__(self, spec):
        return f"({self.x:{spec}})"  # becomes: return f"<{self.x:{spec}}>"

    def __repr__(self):
        return f"Point({self.x})"  # becomes: return f"Point<{self.x}>"


class Proxy:
    def __init__(self, inner):
        self.__dict__["inner"] = inner

    def __getattr__(self, name):
        return getattr(self.inner, name.lower())  # becomes: return getattr(self.inner, name.upper())

    def __setattr__(self, name, value):
        self.__dict__[name] = [value]  # becomes: self.__dict__[name] = value


class Base:
    def __init__(self, n):
        self.n = n

    def total(self):
        return self.n * 2  # becomes: return self.n * 3


class Derived(Base):
    def described(self):
        return f"{super().__class__.__name__}: {self.n}"  # becomes: return f"{super().__class__.__name__} {self.n}"


class Registry(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.number = 17  # becomes: made.number = 18
        return made


class Registered(metaclass=Registry):
    def __init__(self, name):
        self.name = name


Made = type("Made", (Base,), {"half": lambda self: self.n // 2})  # becomes, for <lambda>: Made = type("Made", (Base,), {"half": lambda self: self.n / 2})


class Plugin:
    known = {}

    def __init_subclass__(cls, key=None):
        cls.key = key

    @classmethod
    def keys(cls, *more):
        return [*more, cls.key]  # becomes: return [cls.key, *more]


class Csv(Plugin, key="csv"):
    pass


@dataclasses.dataclass(frozen=True)
class Money:
    amount: int
    currency: str = "EUR"

    def doubled(self):
        return dataclasses.replace(self, amount=self.amount * 2)  # becomes: return dataclasses.replace(self, amount=self.amount * 2, currency="USD")


@dataclasses.dataclass(order=True)
class Task:
    priority: int
    name: str = dataclasses.field(compare=False)

    def __post_init__(self):
        self.name = self.name.title()  # becomes: self.name = self.name.capitalize()


def renamed(task):
    return Task(task.priority, "other")  # becomes: return Task(task.priority, "others")


class Version(typing.NamedTuple):
    major: int
    minor: int

    def bumped(self):
        return self._replace(minor=self.minor + 1)  # becomes: return self._replace(minor=self.minor + 1.0)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2

    def other(self):
        return Colour.BLUE if self is Colour.RED else Colour.RED  # becomes: return Colour.RED


class Mode(enum.IntFlag):
    READ = 4
    WRITE = 2


def mode_of(text):
    return Mode.READ | Mode.WRITE if "+" in text else Mode.READ  # becomes: return 6 if "+" in text else Mode.READ


class Node:
    def __init__(self, name, parent=None):
        self.name = name
        self.parent = weakref.ref(parent) if parent else None

    def root(self):
        parent = self.parent and self.parent()
        return parent.name if parent else self.name  # becomes: return self.name


class Meter:
    def __init__(self):
        self._value = 1
        self.history = []

    def step(self):
        self._value += 1
        self.history.append(self._value)  # becomes: self.history.append(-self._value)
        return self


class Names(list):
    def joined(self):
        return "-".join(self)  # becomes: return "_".join(self)


class Table(dict):
    def __missing__(self, key):
        return f"<{key}>"  # becomes: return f"[{key}]"


class Amount(int):
    def net(self):
        return Amount(self - 1)  # becomes: return self - 1


def same_shape(number):
    return Money(number)  # becomes: return Money2(number)


@dataclasses.dataclass(frozen=True)
class Money2:
    amount: int
    currency: str = "EUR"


class Worker(threading.Thread):
    def __init__(self, number):
        super().__init__()
        self.number, self.result = number, None  # becomes: self.number, self.result = number, 0

    def run(self):
        self.result = self.number * 2  # becomes: self.result = self.number * 3


def runs_workers(workers):
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [worker.result for worker in workers]  # becomes: return [worker.result for worker in workers][::-1]
