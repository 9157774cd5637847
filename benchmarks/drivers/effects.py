"""Eleven functions of a shop, each of which does something else than to return a value."""

import datetime
import logging
import os
import random

log = logging.getLogger("shop")
totals = {"sold": 0, "cents": 0, "largest": 0}


def print_receipt(items, paid):
    total = 0
    for name, cents in items:
        total += cents
        print(f"{name:<12}{cents / 100:>8.2f}")
    print("-" * 20)
    print(f"{'total':<12}{total / 100:>8.2f}")
    if paid > total:
        print(f"{'change':<12}{(paid - total) / 100:>8.2f}")
    elif paid < total:
        print("please pay the rest")


def log_stock(name, left, minimum=5):
    if left <= 0:
        log.error("%s is sold out", name)
    elif left < minimum:
        log.warning("only %d of %s left", left, name)
    else:
        log.info("%s: %d", name, left)


def discount_all(cart, percent):
    for line in cart:
        if line["cents"] >= 1000 and not line.get("fixed"):
            line["cents"] -= line["cents"] * percent // 100
            line["discounted"] = True
    cart.sort(key=lambda line: -line["cents"])


def count_sale(cents):
    totals["sold"] += 1
    totals["cents"] += cents
    if cents > totals["largest"]:
        totals["largest"] = cents


def parse_quantity(text):
    cleaned = text.strip()
    if not cleaned:
        raise ValueError("no quantity given")
    if not cleaned.isdigit():
        raise ValueError(f"no number: {cleaned!r}")
    number = int(cleaned)
    if number < 1 or number > 99:
        raise OverflowError(f"{number} is not within 1 and 99")
    return number


def due_date(days, skip_weekend=True):
    day = datetime.date.today() + datetime.timedelta(days=days)
    while skip_weekend and day.weekday() >= 5:
        day += datetime.timedelta(days=1)
    return day


def draw_winners(names, count):
    drawn = []
    left = list(names)
    while left and len(drawn) < count:
        at = random.randrange(len(left))
        drawn.append(left.pop(at))
    return drawn


def shipping_zone(country):
    home = os.environ.get("SHOP_HOME", "DE")
    if country == home:
        return 1
    if country in os.environ.get("SHOP_NEAR", "AT,CH,FR").split(","):
        return 2
    return 3


def in_batches(orders, size):
    batch = []
    for order in orders:
        batch.append(order)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


class Account:
    def __init__(self, balance=0, limit=100):
        self.balance = balance
        self.limit = limit
        self.history = []

    def withdraw(self, cents):
        if cents <= 0 or self.balance - cents < -self.limit:
            self.history.append(("refused", cents))
            return False
        self.balance -= cents
        self.history.append(("paid", cents))
        return True


def remember_customer(known, name):
    key = name.strip().lower()
    if key in known:
        known[key]["visits"] += 1
        if known[key]["visits"] > 2:
            print("welcome back,", name)
        return
    known[key] = {"name": name, "visits": 1}
    log.debug("new customer %s", key)
