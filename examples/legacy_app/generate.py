"""Makes a data directory for the nightly run: database, halloran.ini and the files of the day.

    python generate.py [--accounts 5000] [--first 1] [--seed 1] [--as-of 2026-11-23] [DIRECTORY]
"""
import argparse
import calendar
import os
import random
import sqlite3
from datetime import date, timedelta

SCHEMA = """
CREATE TABLE accounts (
    acct_no TEXT PRIMARY KEY, name TEXT, addr TEXT, city TEXT, region TEXT, tier TEXT,
    balance REAL, due_y INTEGER, due_m INTEGER, due_d INTEGER, opened TEXT, last_paid TEXT,
    phone TEXT, disputed INTEGER, dd INTEGER, status TEXT, note BLOB,
    score, bscore INTEGER, bsrc TEXT, action TEXT, days_late INTEGER,
    updated TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE hist (id INTEGER PRIMARY KEY, acct_no TEXT, dt TEXT, kind TEXT, amount REAL);
CREATE INDEX hist_acct ON hist (acct_no, dt);
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY, acct_no TEXT, action TEXT, detail TEXT, score INTEGER, at TEXT,
    created TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE rule_overrides (
    id INTEGER PRIMARY KEY, prio INTEGER, cond TEXT, effect TEXT, active INTEGER, who TEXT);
CREATE TABLE notes_out (acct_no TEXT, txt TEXT);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT, finished TEXT, host TEXT, accounts INTEGER, ok INTEGER DEFAULT 0);
"""

OVERRIDES = [
    (10, "a['balance'] > 20000 and a['late'] > 30", "score - 25", 1, "committee 2016-12"),
    (20, "a['region'] == 'SW' and today.weekday() == 4", "score + 5", 1, "dh"),
    (30, "a['name'].startswith('CITY OF')", "max(score, 500)", 1, "committee 2018-03"),
    (40, "a['tier'] == 'X'", "0", 0, "pk"),
    (50, "a.balance > 1 and a.vip", "score + 100", 1, "mw"),
    (60, "len(a['fees']) > 3", "score // 2", 1, "mw"),
    (70, "a['opened'] and a['opened'] > today - __import__('datetime').timedelta(60)", "min(score, 450)", 1, "dh"),
]

INI = """\
; halloran.ini
[db]
path = halloran.db

[paths]
home =
in = in
out = out
log = nightly.log

[run]
commit_every = 50
courtesy_rate = 0.05
debug = 0
send_sms = 0
use_new_score = 0
; threads = 4

[bureau]
url = http://127.0.0.1:9/
timeout = 2
key = changeme

[fees]
late = 12.50
dd = 1.20
cap = 75.00
"""

FIRST = ("Ann Bob Carla Dmitri Elsa Frank Grace Hugo Ines Jack Karen Luis Mona Ned Olga Pete Quinn Rosa Sam Tess "
         "Uma Vic Wanda Xavier Yara Zack").split()
LAST = ("Abbott Baker Castillo Doyle Evans Fischer Garcia Holt Ivanov Jensen Kowalski Larsen Murphy Nolan Ortiz "
        "Petrov Quigley Ramirez Schmidt Tanaka Urban Vogel Walsh Yilmaz Zeller").split()
FIRMS = ["Acme Tool", "Blue Heron Cafe", "Crown Laundry", "Delta Freight", "Eastside Motors", "Foxglove Print"]
STREETS = ["main st", "oak ave", "harbor rd", "2nd street", "mill lane", "station rd", "elm court"]
CITIES = {"NE": "Albany", "NW": " Tacoma", "SE": "Savannah", "SW": "el  paso", "HH": "Harlan Heights",
          "ML": "Dayton", "PR": "Ponce"}
NOTES = ["called, no answer", "promised to pay end of month", "wants invoice copy", "moved?", "spoke to wife",
         "do not call before 10", "asks for instalments|ok by dh", "lost his job in spring, asks for patience and "
         "a lower rate until summer", "zahlt immer p\u00fcnktlich", "Mrs. Nu\u00f1ez is the contact now"]


def account(rnd, i, today):
    region = rnd.choices(list(CITIES), [22, 18, 20, 15, 8, 15, 2])[0]
    tier = rnd.choices(["G", "S", "B", " G", "g", "", None], [22, 30, 36, 3, 2, 4, 3])[0]
    kind = rnd.random()
    if kind < 0.02:
        name = "City of " + CITIES[region].strip()
    elif kind < 0.12:
        name = rnd.choice(FIRMS) + rnd.choice([" Inc", " LLC"])
    else:
        name = rnd.choice(FIRST) + rnd.choice([" ", "  "]) + rnd.choice(LAST)
    balance = round(rnd.lognormvariate(6.6, 1.35), 2)
    if rnd.random() < 0.30:
        balance = float(round(balance))
    if rnd.random() < 0.02:
        balance = -round(rnd.uniform(0, 80), 2)
    months = rnd.choices(range(0, 12), [36, 17, 10, 7, 5, 4, 4, 4, 4, 3, 3, 3])[0]
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    due = rnd.choice([1, 1, 5, 10, 15, 15, 20, 25, 28, 30, 30, 31, 31])
    if not months and rnd.random() < 0.6:
        due = min(calendar.monthrange(today.year, today.month)[1], today.day + rnd.randint(0, 12))
    opened = today - timedelta(days=rnd.randint(20, 6500))
    paid = today - timedelta(days=rnd.randint(1, 400))
    phone = "" if rnd.random() < 0.04 else rnd.choice(["555%07d", "1-555-%07d", "(555) %07d", "x%d"]) % rnd.randint(
        1000000, 9999999)
    note = rnd.choice(NOTES).encode("utf-8") if rnd.random() < 0.5 else None
    if i == 137:
        note = "Gesch\u00e4ft geschlossen".encode("latin-1")
    return (
        "H%06d" % i, name, "%d %s" % (rnd.randint(1, 999), rnd.choice(STREETS)), CITIES[region], region, tier,
        balance, first.year, first.month, due,
        opened.strftime(rnd.choice(["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"])),
        rnd.choice([paid.isoformat(), paid.strftime("%d/%m/%y"), None]),
        phone, int(rnd.random() < 0.032), int(rnd.random() < 0.3), rnd.choices("ANC", [90, 7, 3])[0], note,
        rnd.choice([None, rnd.randint(0, 710)]), rnd.choice([None, "NONE", "REMIND", "LETTER1", "LETTER2", "CALL"]))


def history(rnd, no, today):
    n = min(int(rnd.expovariate(0.22)), 14)
    for back in sorted((rnd.randint(2, 900) for _ in range(n)), reverse=True):
        kind = rnd.choices(["PAY", "PRM", "BRK", "CAL", "LTR"], [40, 14, 12, 14, 20])[0]
        amount = round(rnd.uniform(10, 400), 2) if kind in ("PAY", "PRM") else None
        yield no, (today - timedelta(days=back)).isoformat(), kind, amount


def bureau_line(rnd, no, today):
    score = rnd.choices(["%04d" % max(300, min(850, int(rnd.gauss(575, 85)))), "0000", "9999", ""], [94, 3, 1, 2])[0]
    asof = today - timedelta(days=rnd.randint(0, 46))
    flags = rnd.choices(["", "J", "M", "B", "BM", "JM"], [80, 6, 8, 3, 1, 2])[0]
    return "%s|SC=%s|DT=%s|FL=%s\n" % (no, score, asof.strftime("%Y%m%d"), flags)


def payment_lines(rnd, first, last, today, count):
    for _ in range(count):
        no = "H%06d" % rnd.randint(first, last)
        if rnd.random() < 0.01:
            no = "H999999"
        day = today - timedelta(days=rnd.randint(0, 3))
        kind = rnd.choices("PTR", [80, 15, 5])[0]
        yield "%s%s%09d%s\n" % (no, day.strftime("%Y%m%d"), rnd.randint(500, 60000), kind)
    yield "# end\n"


def generate(directory, accounts=5000, seed=1, today=None, first=1):
    rnd = random.Random(seed)
    today = today or date.today()
    numbers = range(first, first + accounts)
    for sub in ("in", os.path.join("out", "letters")):
        os.makedirs(os.path.join(directory, sub), exist_ok=True)
    db = os.path.join(directory, "halloran.db")
    for old in (db, os.path.join(directory, "bureau_cache.pkl")):
        if os.path.exists(old):
            os.remove(old)
    con = sqlite3.connect(db)
    con.executescript(SCHEMA)
    con.executemany("INSERT INTO rule_overrides (prio, cond, effect, active, who) VALUES (?, ?, ?, ?, ?)", OVERRIDES)
    marks = ", ".join("?" * 19)
    for i in numbers:
        row = account(rnd, i, today)
        con.execute("INSERT INTO accounts (acct_no, name, addr, city, region, tier, balance, due_y, due_m, due_d,"
                    " opened, last_paid, phone, disputed, dd, status, note, score, action)"
                    " VALUES (%s)" % marks, row)
        con.executemany("INSERT INTO hist (acct_no, dt, kind, amount) VALUES (?, ?, ?, ?)",
                        history(rnd, row[0], today))
    con.execute("UPDATE accounts SET updated = ?", (today.isoformat() + " 00:00:00",))
    con.commit()
    con.close()
    with open(os.path.join(directory, "halloran.ini"), "w") as f:
        f.write(INI)
    with open(os.path.join(directory, "in", "bureau.dat"), "w") as f:
        f.write("# bureau overnight file\n")
        for i in numbers:
            if rnd.random() > 0.015:
                f.write(bureau_line(rnd, "H%06d" % i, today))
    for k in range(3):
        with open(os.path.join(directory, "in", "pay_%d.txt" % (k + 1)), "w") as f:
            f.writelines(payment_lines(rnd, first, numbers[-1], today, accounts // 20))


def main():
    p = argparse.ArgumentParser(description="make a data directory for the nightly run")
    p.add_argument("directory", nargs="?", default=".", metavar="DIRECTORY")
    p.add_argument("--accounts", type=int, default=5000)
    p.add_argument("--first", type=int, default=1, help="number of the first account")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--as-of", type=date.fromisoformat, default=None, metavar="DATE", help="default: today")
    a = p.parse_args()
    generate(a.directory, a.accounts, a.seed, a.as_of, a.first)
    print("%d accounts in %s" % (a.accounts, os.path.abspath(a.directory)))


if __name__ == "__main__":
    main()
