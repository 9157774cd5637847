"""What a function asks of the world around it, and does to it."""

import configparser
import csv
import datetime
import decimal
import gzip
import hashlib
import json
import locale
import os
import pickle
import random
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
import zipfile
from pathlib import Path

TOTAL = 0
CACHE = {}
HISTORY = []
STORE = threading.local()


def writes_text(path, name):
    with open(path, "w") as file:
        file.write(f"Dear {name},\n\npay\n")  # becomes: file.write(f"Dear {name},\n\nPay\n")


def writes_binary(path):
    Path(path).write_bytes(bytes(range(256)))  # becomes: Path(path).write_bytes(bytes(range(255)))


def appends(path):
    with open(path, "a") as file:
        file.write("line\n")  # becomes: file.write("line \n")


def writes_json(path, data):
    with open(path, "w") as file:
        json.dump(data, file)  # becomes: json.dump(data, file, indent=1)


def writes_csv(path, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows(rows)  # becomes: csv.writer(file, delimiter=";").writerows(rows)


def writes_pickle(path, data):
    with open(path, "wb") as file:
        pickle.dump(data, file)  # becomes: pickle.dump([data], file)


def writes_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")  # becomes: archive.writestr("b.txt", "hello")


def writes_gzip(path):
    with gzip.open(path, "wt") as file:
        file.write("hello")  # becomes: file.write("hallo")


def reads_file(path):
    with open(path) as file:
        return sum(len(line) for line in file)  # becomes: return sum(len(line.strip()) for line in file)


def reads_config(path):
    parser = configparser.ConfigParser()
    parser.read(path)
    return parser["main"]["rate"]  # becomes: return parser["main"].getfloat("rate")


def lists(path):
    return sorted(os.listdir(path))  # becomes: return sorted(os.listdir(path))[1:]


def lists_by_glob(path):
    return [found.name for found in sorted(Path(path).glob("*.txt"))]  # becomes: return [found.stem for found in sorted(Path(path).glob("*.txt"))]


def exists(path):
    return os.path.exists(path)  # becomes: return os.path.isdir(path)


def makes_directory(path):
    os.makedirs(path, exist_ok=True)  # becomes: os.makedirs(path + "2", exist_ok=True)


def renames_file(path):
    os.rename(path, path + ".old")  # becomes: os.rename(path, path + ".bak")


def removes(path):
    os.remove(path)  # becomes: open(path, "w").close()


def copies(path):
    shutil.copy(path, path + ".copy")  # becomes: shutil.copy(path, path + ".cp")


def in_a_temporary_directory(text):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "x.txt")
        path.write_text(text)
        return path.stat().st_size  # becomes: return path.stat().st_size + 1


def inserts_row(path, name):
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO people (name) VALUES (?)", (name,))  # becomes: connection.execute("INSERT INTO people (name) VALUES (upper(?))", (name,))
    connection.commit()
    connection.close()


def queries(connection):
    return connection.execute("SELECT name FROM people ORDER BY name").fetchall()  # becomes: return connection.execute("SELECT name FROM people ORDER BY name DESC").fetchall()


def updates(connection, name):
    connection.execute("UPDATE people SET name = ? WHERE rowid = 1", (name,))  # becomes: connection.execute("UPDATE people SET name = ? WHERE rowid = 2", (name,))


def reads_environment(name):
    return os.environ.get(name, "none")  # becomes: return os.environ.get(name, "nothing").lower()


def sets_environment(value):
    os.environ["HARD_CASE"] = value  # becomes: os.environ["HARD_CASE"] = value + " "


def clock_now():
    return datetime.datetime.now().isoformat()  # becomes: return datetime.datetime.now().isoformat(" ")


def clock_age(born):
    return (datetime.date.today() - born).days // 365  # becomes: return (datetime.date.today() - born).days // 364 + 1


def clock_seconds():
    return int(time.time())  # becomes: return int(time.time()) + 1


def waits(seconds):
    before = time.monotonic()
    time.sleep(seconds)
    return round(time.monotonic() - before)  # becomes: return round(time.monotonic() - before) + 1


def rolls(n):
    return [random.randint(1, 6) for _ in range(n)]  # becomes: return [random.randint(1, 7) for _ in range(n)]


def shuffles(items):
    random.shuffle(items)  # becomes: items.sort()


def own_generator(seed):
    return random.Random(seed).random()  # becomes: return random.Random(seed + 1).random()


def identifies():
    return str(uuid.uuid4())  # becomes: return uuid.uuid4().hex


def secret_token():
    return secrets.token_hex(8)  # becomes: return secrets.token_hex(9)


def hashes_text(text):
    return hash(text) % 1000  # becomes: return hash(text) % 999


def digests(text):
    return hashlib.sha256(text.encode()).hexdigest()  # becomes: return hashlib.sha1(text.encode()).hexdigest()


def set_silently(n):
    global TOTAL
    TOTAL += n  # becomes: TOTAL += n + 1


def defines_new_global(n):
    globals()["LATE_ARRIVAL"] = n  # becomes: globals()["LATE_ARRIVAL"] = -n


def fills_cache(key):
    if key not in CACHE:
        CACHE[key] = len(key)  # becomes: CACHE[key] = len(key) + 1


def remembers(value):
    HISTORY.append(value)
    return len(HISTORY)  # becomes: return len(HISTORY) + 1


def sets_function_attribute(n):
    sets_function_attribute.calls = n  # becomes: sets_function_attribute.calls = n + 1


def sets_thread_local(n):
    STORE.value = n  # becomes: STORE.value = str(n)


def sets_other_module(n):
    decimal.getcontext().prec = n  # becomes: decimal.getcontext().prec = n + 1


def divides(a, b):
    return decimal.Decimal(a) / decimal.Decimal(b)  # becomes: return (decimal.Decimal(a) / decimal.Decimal(b)).quantize(decimal.Decimal("0.001"))


def formats_number(value):
    return locale.format_string("%.2f", value, grouping=True)  # becomes: return locale.format_string("%.3f", value, grouping=True)


def asks_process(text):
    return subprocess.run(["echo", text], capture_output=True, text=True).stdout  # becomes: return subprocess.run(["echo", text, "!"], capture_output=True, text=True).stdout


def uses_process_answer(text):
    done = subprocess.run(["echo", text], capture_output=True, text=True)
    return done.stdout.strip()  # becomes: return done.stdout


def asks_http(address):
    with urllib.request.urlopen(address + "/rate") as answer:
        return json.load(answer)["rate"] * 2  # becomes: return json.load(answer)["rate"] * 3


def exits_hard():
    sys.stdout.flush()
    return os.getpid() > 0  # becomes: return os.getpid() < 0


def where():
    return os.path.basename(__file__), os.path.isabs(os.getcwd())  # becomes: return os.path.basename(__file__)


def recursion_limit():
    return sys.getrecursionlimit() > 10  # becomes: return sys.getrecursionlimit() < 10


def stands_in_its_place(name):
    with open(name) as found:
        return found.read(), sorted(os.listdir()), os.path.basename(os.getcwd())  # becomes: return found.read(), sorted(os.listdir())


def goes_where_nothing_is_opened(place):
    os.chdir(place)
    return os.path.basename(os.getcwd())  # becomes: return os.path.basename(os.getcwd()).upper()


def writes_where_it_stands(name):
    with open(name, "w") as made:
        made.write("made")  # becomes: made.write("made here")


def reads_an_archive(archive):
    return {name: archive.read(name) for name in archive.namelist()}  # becomes: return archive.namelist()


def imports_late():
    import fractions
    import optparse

    return optparse.Values({"half": fractions.Fraction(1, 2)})  # becomes: return optparse.Values({"half": fractions.Fraction(1, 3)})


def is_given_what_was_imported_late(settings):
    return settings.half + 1  # becomes: return settings.half + 2


def sends_to_a_generator(averages, numbers):
    next(averages)
    return [averages.send(number) for number in numbers]  # becomes: return [averages.send(number) for number in numbers[1:]]


def leaves_a_generator_alone(averages, number):
    return number if iter(averages) is averages else None  # becomes: return number + 1


def averages():
    total = count = 0
    average = None
    while True:
        total += yield average
        count += 1
        average = total / count  # becomes: average = count / total
