"""Randomness in all its forms."""

import hashlib
import os
import random
import secrets
import string
import tempfile
import uuid
from random import choice as pick




DICE = random.Random()
SYSTEM = random.SystemRandom()
SALT = os.urandom(4)
IDENTITY = uuid.uuid4()


class Bag:
    pass


class Listed(str):
    pass


def module_level():
    return random.random(), random.gauss(0, 1), random.sample(range(9), 3)  # becomes: return random.random(), random.gauss(0, 2), random.sample(range(9), 3)


def named_early():
    return pick("abcdef")  # becomes: return pick("abcdef").upper()


def seeds_itself():
    random.seed(3)
    return random.randrange(100)  # becomes: return random.randrange(101) + 1000


def state_given_back():
    state = random.getstate()
    first = random.random()
    random.setstate(state)
    return first == random.random()  # becomes: return first != random.random()


def instance_of_module():
    return DICE.randint(1, 6)  # becomes: return DICE.randint(7, 12)


def instance_of_system():
    return SYSTEM.randint(1, 6)  # becomes: return SYSTEM.randint(7, 12)


def new_instance():
    return random.Random().random()  # becomes: return random.Random().random() + 1


def handed_generator(generator):
    return generator.choice([1, 2, 3])  # becomes: return generator.choice([4, 5, 6])


def tokens():
    return secrets.token_bytes(4), secrets.token_urlsafe(4), secrets.choice("abc"), secrets.randbelow(10)  # becomes: return secrets.token_bytes(5), secrets.token_urlsafe(4)


def password():
    return "".join(secrets.choice(string.ascii_letters) for _ in range(6))  # becomes: return "".join(secrets.choice(string.ascii_letters) for _ in range(7))


def uuids():
    return uuid.uuid4(), uuid.uuid1(), uuid.uuid5(uuid.NAMESPACE_DNS, "a")  # becomes: return uuid.uuid4().hex, uuid.uuid1()


def of_the_system():
    return os.urandom(4), os.getrandom(4)  # becomes: return os.urandom(5), os.getrandom(4)


def salted(text):
    return hashlib.sha256(SALT + text.encode()).hexdigest()  # becomes: return hashlib.sha256(text.encode() + SALT).hexdigest()


def made_at_import():
    return IDENTITY.hex  # becomes: return IDENTITY.hex.upper() + "!"


def order_of_set(words):
    return list(set(words))  # becomes: return sorted(set(words))


def order_of_set_in_text(words):
    return f"{set(words)}"  # becomes: return f"{sorted(words)}"


def popped(words):
    return set(words).pop()  # becomes: return max(words) + "!"


def hashes():
    return hash("a"), hash(b"b"), hash(("x", 1)), hash(None) == hash(None)  # becomes: return hash("b"), hash(b"b")


def hash_of_object():
    bag = Bag()
    return hash(bag) == hash(bag), hash(Listed("x"))  # becomes: return hash(bag) != hash(bag), hash(Listed("x"))


def identity_compared():
    first = object()
    return id(first) == id(first)  # becomes: return id(first) != id(first)


def identity():  # unstable: address
    return id(Bag())


def identity_as_key():
    bag = Bag()
    return {id(bag): 1}[id(bag)]  # becomes: return {id(bag): 2}[id(bag)]


def address_in_repr():
    return repr(object()), str(Bag()), f"{order_of_set!r}"  # becomes: return repr(object()), str(Bag()) + "!", f"{order_of_set!r}"


def order_by_address():  # unstable: addresses
    bags = [Bag() for _ in range(40)]
    return [bags.index(bag) for bag in set(bags)]


def temporary_names():
    handle, path = tempfile.mkstemp()
    os.close(handle)
    return path, tempfile.gettempdir()  # becomes: return os.path.basename(path), tempfile.gettempdir()


def temporary_file():
    with tempfile.NamedTemporaryFile() as file:
        return os.path.basename(file.name)  # becomes: return os.path.basename(file.name).upper()


def temporary_directory():
    return os.path.basename(tempfile.mkdtemp(prefix="x"))  # becomes: return os.path.basename(tempfile.mkdtemp(prefix="y"))


def shuffled(items):
    random.shuffle(items)
    return items  # becomes: return items[::-1]


def process_number():
    return os.getpid()  # becomes: return os.getpid() + 1


def machine_name():
    import platform

    return platform.node(), os.uname().nodename  # becomes: return platform.node().upper() + "!", os.uname().nodename


def processors():
    return os.cpu_count()  # becomes: return os.cpu_count() + 1


def login():
    import getpass

    return getpass.getuser(), os.getuid()  # becomes: return getpass.getuser() + "!", os.getuid()
