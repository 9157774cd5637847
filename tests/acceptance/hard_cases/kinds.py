"""Values whose differences are easy to overlook."""

import array
import calendar
import collections
import datetime
import decimal
import fractions
import io
import ipaddress
import pathlib
import re
import types
import uuid
import xml.etree.ElementTree as ElementTree
import zoneinfo

LONG = "abcdefghij" * 2000


def decimal_or_float(n):
    return decimal.Decimal(n)  # becomes: return float(n)


def decimal_places(n):
    return decimal.Decimal(n) * decimal.Decimal("1.0")  # becomes: return decimal.Decimal(n) * decimal.Decimal("1.00")


def negative_zero(n):
    return n * -0.0  # becomes: return n * 0.0


def not_a_number(n):
    return [float("nan"), n]  # becomes: return [float("inf"), n]


def last_digit(n):
    return n / 3  # becomes: return n / 3 * 1.0000000000000002


def truth_or_one(n):
    return n > 0  # becomes: return int(n > 0)


def int_or_float(n):
    return n * 2  # becomes: return n * 2.0


def text_or_bytes(text):
    return text.encode()  # becomes: return text


def bytes_or_bytearray(text):
    return text.encode()  # becomes: return bytearray(text.encode())


def tuple_or_list(n):
    return (n, n)  # becomes: return [n, n]


def none_or_false(n):
    return None  # becomes: return False


def empty_or_none(n):
    return []  # becomes: return ()


def set_contents(n):
    return {n, n + 1, "a"}  # becomes: return {n, n + 2, "a"}


def set_or_frozenset(n):
    return frozenset([n])  # becomes: return {n}


def mixed_keys(n):
    return {1: "a", "1": n}  # becomes: return {True: "a", "1": n}


def ordered(n):
    return collections.OrderedDict(a=n, b=1)  # becomes: return collections.OrderedDict(b=1, a=n)


def composed(text):
    return text + "\u00e9"  # becomes: return text + "e\u0301"


def lone_surrogate(text):
    return text + "\udc80"  # becomes: return text + "\udc81"


def line_ending(text):
    return text + "\r\n"  # becomes: return text + "\n"


def no_break_space(text):
    return text + "\u00a0"  # becomes: return text + " "


def moment_zone(year):
    return datetime.datetime(year, 3, 1, 12, tzinfo=datetime.UTC)  # becomes: return datetime.datetime(year, 3, 1, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def moment_naive(year):
    return datetime.datetime(year, 3, 1)  # becomes: return datetime.datetime(year, 3, 1, tzinfo=datetime.UTC)


def moment_fold(year):
    return datetime.datetime(year, 3, 1, fold=1)  # becomes: return datetime.datetime(year, 3, 1, fold=0)


def moment_or_day(year):
    return datetime.date(year, 3, 1)  # becomes: return datetime.datetime(year, 3, 1)


def named_zone(year):
    return datetime.datetime(year, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))  # becomes: return datetime.datetime(year, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))


def span(n):
    return datetime.timedelta(minutes=n)  # becomes: return datetime.timedelta(minutes=n, microseconds=1)


def fraction(n):
    return fractions.Fraction(n, 3)  # becomes: return fractions.Fraction(n, 4)


def complex_number(n):
    return complex(n, -0.0)  # becomes: return complex(n, 0.0)


def huge_number(n):
    return 7**9000 + n  # becomes: return 7**9000 + n + 1


def late_in_a_text(n):
    return LONG[:15000] + str(n) + LONG  # becomes: return LONG[:15001] + str(n) + LONG


def late_in_a_list(n):
    return [i * n for i in range(6000)]  # becomes: return [i * n if i != 5000 else 1 for i in range(6000)]


def late_in_a_dict(n):
    return {f"key {i}": i * n for i in range(6000)}  # becomes: return {f"key {i}": i * n + (i == 5999) for i in range(6000)}


def deep_down(n):
    value = n  # becomes: value = n + 1
    for depth in range(50):
        value = [depth, value]
    return value


def very_deep(n):
    value = [n]  # becomes: value = [n + 1]
    for _ in range(700):
        value = {"v": value}
    return value


def shared_or_copied(n):
    row = [n]
    return [row, row]  # becomes: return [row, [n]]


def pattern_flags(text):
    return re.compile(text)  # becomes: return re.compile(text, re.M)


def match_found(text):
    return re.search("[a-z]+", text)  # becomes: return re.search("[a-z]", text)


def path(text):
    return pathlib.Path(text) / "a"  # becomes: return str(pathlib.Path(text) / "a")


def stream(text):
    out = io.StringIO()
    out.write(text)
    return out  # becomes: out.seek(0); return out


def binary_stream(text):
    return io.BytesIO(text.encode())  # becomes: return io.BytesIO(text.encode() + b".")


def tree(text):
    root = ElementTree.Element("a", b=text)
    ElementTree.SubElement(root, "c").tail = text  # becomes: ElementTree.SubElement(root, "c").tail = text + " "
    return root


def namespace(n):
    return types.SimpleNamespace(n=n, m=1)  # becomes: return types.SimpleNamespace(n=n, m=2)


def proxy_of_mapping(n):
    return types.MappingProxyType({"n": n})  # becomes: return types.MappingProxyType({"n": -n})


def numbers_packed(n):
    return array.array("d", [n, 1])  # becomes: return array.array("f", [n, 1])


def named(n):
    return collections.namedtuple("Row", "a b")(n, 1)  # becomes: return collections.namedtuple("Row", "a c")(n, 1)


def bounded(n):
    return collections.deque([n], maxlen=3)  # becomes: return collections.deque([n], maxlen=4)


def view_of_keys(n):
    return {n: 1, 2: 3}.keys()  # becomes: return {n: 1, 3: 3}.keys()


def interval(n):
    return range(0, n, 2)  # becomes: return range(0, n + 1, 2)


def cut(n):
    return slice(n)  # becomes: return slice(0, n)


def a_class(n):
    return [int, str][n % 2]  # becomes: return [str, int][n % 2]


def a_function(n):
    return [len, repr][n % 2]  # becomes: return [repr, len][n % 2]


def a_module(n):
    return [re, io][n % 2]  # becomes: return [io, re][n % 2]


def address(n):
    return ipaddress.ip_address(n)  # becomes: return ipaddress.ip_address(n + 1)


def identifier(n):
    return uuid.UUID(int=n)  # becomes: return uuid.UUID(int=n + 1)


def dots(n):
    return ...  # becomes: return NotImplemented


def month(n):
    return calendar.month_abbr[n]  # becomes: return calendar.month_name[n]


def bits(view):
    return memoryview(view)[1:]  # becomes: return memoryview(view)[2:]
