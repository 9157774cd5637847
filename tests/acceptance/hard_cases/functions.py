"""Functions that are made, given away, wrapped and called by others."""

import functools
import operator
import re


def adder(n):
    def add(value):
        return value + n  # becomes: return value + n + 1

    return add


def counter():
    count = 0

    def tick():
        nonlocal count
        count += 1  # becomes: count += 2
        return count

    return tick


def multiplier(n):
    return lambda value: value * n  # becomes: return lambda value: value * n * 1.0


def unused_closure(n):
    factor = n * 2  # becomes: factor = n * 3

    def scale(value):
        return value * factor

    return scale


def applied(how, value):
    return how(value)  # becomes: return how(how(value))


def keyed(rows, key):
    return sorted(rows, key=key)  # becomes: return sorted(rows, key=key, reverse=True)


def by_last_letter(word):
    return word[-1]  # becomes: return word[0]


def upper_match(match):
    return match.group(1).upper()  # becomes: return match.group(0).upper()


def substituted(text):
    return re.sub("<(.)>", lambda match: match.group(1) * 2, text)  # becomes: return re.sub("<(.)>", lambda match: match.group(1) * 3, text)


def mapped(values):
    return map(operator.neg, values)  # becomes: return map(operator.pos, values)


@functools.lru_cache(maxsize=None)
def cached(n):
    return n * 10  # becomes: return n * 11


@functools.cache
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)  # becomes: return n if n < 3 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.singledispatch
def shown(value):
    return repr(value)  # becomes: return str(value)


@shown.register
def shown_number(value: int):
    return f"#{value}"  # becomes: return f"# {value}"


def shouting(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs).upper()  # becomes: return function(*args, **kwargs).title()

    return wrapper


@shouting
def greeting(name):
    return f"hello {name} there"


def repeated(times):
    def decorate(function):
        @functools.wraps(function)
        def repeating(value):
            for _ in range(times):
                value = function(value)
            return value

        return repeating

    return decorate


@repeated(3)
def trebled(value):
    return value * 3  # becomes: return value * 2


def _plus(a, b):
    return a + b  # becomes: return a + b + 0.0


def _minus(a, b):
    return a - b  # becomes: return b - a


TABLE = {"+": _plus, "-": _minus}


def evaluated(text):
    left, sign, right = text.split()
    return TABLE[sign](int(left), int(right)) * 2 if sign == "*" else (left, right)  # becomes: return (right, left)


def shortened(n):
    return functools.partial(pow, n)  # becomes: return functools.partial(pow, n + 1)


def picked(name):
    return operator.attrgetter(name)  # becomes: return operator.attrgetter(name + ".real")


def methodical(words):
    return [str.upper, str.lower][len(words) % 2]  # becomes: return [str.upper, str.title][len(words) % 2]


def compiled(prefix):
    return re.compile(prefix + r"\d+")  # becomes: return re.compile(prefix + r"\d+", re.IGNORECASE)


def generated(source):
    space = {}
    exec(source, space)
    return space["made"](2)  # becomes: return space["made"](3)


class Handler:
    def on_load(self, n):
        return n + 1  # becomes: return n - 1

    def dispatch(self, event, n):
        return getattr(self, "on_" + event).__name__  # becomes: return getattr(self, "on_" + event).__qualname__


square = lambda n: n * n  # becomes, for square: square = lambda n: n ** 3
