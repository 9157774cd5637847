"""Values of the standard library that programs pass about: read exactly, compared, and back again."""

from __future__ import annotations
import __future__

import argparse
import ast
import asyncio
import configparser
import contextvars
import csv
import decimal
import email
import email.message
import email.policy
import hashlib
import hmac
import io
import ipaddress
import operator
import optparse
import os
import queue
import struct
import tempfile
import threading
import types
import weakref
import xml.dom.minidom
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any, Optional, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import Allow, DecodeError, TypeGone, decode, differences, encode

HERE = Allow.for_modules(__name__)
ORDER = '<order id="7">\n  <line sku="A">3</line>tail<!--note--><?go now?></order>'


class Account:
    def __init__(self, owner: str) -> None:
        self.owner = owner


class Part(ET.Element):
    pass


class Link(weakref.ref):  # type: ignore[type-arg]
    pass


KEPT = Account("kept")
CURRENT: contextvars.ContextVar[int] = contextvars.ContextVar("CURRENT", default=3)
UNSET: contextvars.ContextVar[int] = contextvars.ContextVar("UNSET")


def moved(stream: Any, position: int) -> Any:
    stream.seek(position)
    return stream


def with_two_bytes_read(stream: Any) -> Any:
    stream.read(2)
    return stream


def parsed(text: str) -> ET.Element:
    """With comments and processing instructions."""
    builder = ET.TreeBuilder(insert_comments=True, insert_pis=True)
    return ET.fromstring(text, ET.XMLParser(target=builder))


def closed(stream: Any) -> Any:
    stream.close()
    return stream


def read(reader: Iterator[Any], rows: int) -> Iterator[Any]:
    for _ in range(rows):
        next(reader)
    return reader


def filled(made: queue.Queue[int]) -> queue.Queue[int]:
    made.put(1)
    return made


def event_that_is_set() -> threading.Event:
    made = threading.Event()
    made.set()
    return made


def configured() -> configparser.ConfigParser:
    made = configparser.ConfigParser()
    made.read_string("[shop]\nvat = 19")
    return made


def mail() -> email.message.EmailMessage:
    made = email.message.EmailMessage()
    made["Subject"] = "Order 7"
    made.set_content("Thank you.")
    return made


ACCOUNT = f"{__name__}:Account(owner='kept')"
WRITTEN: list[tuple[Callable[[], Any], str | None]] = [
    (lambda: ET.Element("br"), "Element('br')"),
    (
        lambda: ET.fromstring('<p class="x">Hi <b>you</b>!</p>'),
        "Element('p', attrib={'class': 'x'}, text='Hi ', children=[Element('b', text='you', tail='!')])",
    ),
    (lambda: ET.Comment("c"), "Element(xml.etree.ElementTree:Comment, text='c')"),
    (lambda: ET.ElementTree(ET.Element("a")), "xml.etree.ElementTree:ElementTree(_root=Element('a'))"),
    (lambda: Part("wheel", {"n": "4"}), f"{__name__}:Part(Element('wheel', attrib={{'n': '4'}}))"),
    (lambda: moved(io.StringIO("abc"), 1), "StringIO('abc', 1)"),
    (lambda: io.StringIO("a\r\nb", newline=None), "StringIO('a\\nb', 0, newline=None)"),
    (lambda: closed(io.StringIO("abc")), "StringIO('', 0, closed=True)"),
    (lambda: closed(io.BytesIO(b"abc")), "BytesIO(b'', 0, closed=True)"),
    (
        lambda: io.TextIOWrapper(io.BytesIO(b"a;b"), "latin-1", newline=""),
        "TextIOWrapper(BytesIO(b'a;b', 0), 'latin-1', newline='')",
    ),
    (lambda: io.TextIOWrapper(io.BytesIO(), "utf-8"), "TextIOWrapper(BytesIO(b'', 0), 'utf-8')"),
    (
        lambda: io.TextIOWrapper(io.BytesIO(), "ascii", "replace", "\n", True),
        "TextIOWrapper(BytesIO(b'', 0), 'ascii', errors='replace', newline='\\n', line_buffering=True)",
    ),
    (lambda: with_two_bytes_read(io.BufferedReader(io.BytesIO(b"abc"))), "BufferedReader(BytesIO(b'abc', 3), 2)"),  # type: ignore[type-var,unused-ignore]
    (lambda: csv.reader(["a,b", "1,2"]), "csv.reader(list_iterator(['a,b', '1,2']), Dialect())"),
    (
        lambda: csv.reader(["a;b"], delimiter=";", quoting=csv.QUOTE_NONE),
        "csv.reader(list_iterator(['a;b']), Dialect(delimiter=';', quoting=3))",
    ),
    (
        lambda: csv.writer(io.StringIO(), lineterminator="\n"),
        "csv.writer(method(StringIO('', 0), 'write'), Dialect(lineterminator='\\n'))",
    ),
    (lambda: struct.Struct("<IH"), "Struct('<IH')"),
    (lambda: decimal.Context(prec=5, traps=[]), "Context(prec=5, flags=[], traps=[])"),
    (lambda: CURRENT, "ContextVar('CURRENT', 3)"),
    (lambda: UNSET, "ContextVar('UNSET')"),
    (lambda: os.environ, "os.environ()"),
    (lambda: types.CellType(1), "cell(1)"),
    (types.CellType, "cell()"),
    (lambda: weakref.ref(KEPT), f"ref({ACCOUNT})"),
    (lambda: weakref.ref(Account("gone")), "ref()"),
    (lambda: Link(KEPT), f"{__name__}:Link(ref({ACCOUNT}))"),
    (lambda: weakref.WeakValueDictionary({"a": KEPT}), f"WeakValueDictionary({{'a': {ACCOUNT}}})"),
    (lambda: weakref.WeakKeyDictionary({KEPT: 1}), f"WeakKeyDictionary({{{ACCOUNT}: 1}})"),
    (lambda: weakref.WeakSet([KEPT]), f"WeakSet({{{ACCOUNT}}})"),
    (lambda: operator.methodcaller("pay", 3, currency="EUR"), "methodcaller('pay', 3, currency='EUR')"),
    (lambda: list[int], "GenericAlias(builtins:list, (builtins:int,))"),
    (lambda: int | None, "UnionType(builtins:int, builtins:NoneType)"),
    (lambda: ipaddress.ip_address("10.0.0.1"), "ipaddress:IPv4Address(_ip=167772161)"),
    (lambda: ast.parse("1").body[0].value, None),  # type: ignore[attr-defined]
    (lambda: ET.ElementTree(parsed(ORDER)), None),
    (lambda: xml.dom.minidom.parseString(ORDER), None),
    (lambda: csv.DictReader(["a,b", "1,2"]), None),
    (lambda: email.message_from_string("Subject: hi\n\nbody"), None),
    (mail, None),
    (configured, None),
    (event_that_is_set, None),
    (threading.Condition, None),
    (lambda: filled(queue.Queue(3)), None),
    (lambda: SimpleCookie("a=b; c=d"), None),
    (asyncio.Event, None),
    (lambda: ipaddress.ip_interface("fe80::1/64"), None),
    (lambda: __future__.division, None),  # which modules of Python 2 hold
    (lambda: ipaddress.ip_network("10.0.0.1"), None),  # whose hosts are told by a function of its own
    (lambda: Union, None),
]


@pytest.mark.parametrize(("make", "text"), WRITTEN, ids=range(len(WRITTEN)))
def test_is_written_and_comes_back(make: Callable[[], Any], text: str | None) -> None:
    value = make()
    written = encode(value, width=None)
    assert text is None or written == text
    assert "opaque" not in written
    back = decode(written, allow=HERE)
    assert type(back) is type(value)
    assert encode(back, width=None) == written


def test_elements_come_back_with_all_that_is_around_them() -> None:
    back: Any = decode(encode(parsed(ORDER)))
    assert ET.tostring(back, encoding="unicode") == ORDER


def test_a_change_in_xml_is_one_short_difference() -> None:
    old, new = (encode(parsed(text)) for text in (ORDER, ORDER.replace('"A">3', '"B">3')))
    (found,) = differences(old, new, root="returned")
    assert (found.path, found.expected, found.got) == ("returned.children[0].attrib['sku']", "'A'", "'B'")


def test_an_element_in_python_is_written_like_the_one_in_c() -> None:
    tree: dict[str, Any] = {"__name__": "xml.etree.ElementTree"}
    source = "class Element:\n  pass"
    exec(source, tree)
    element = tree["Element"]()
    vars(element).update(tag="a", attrib={"b": "c"}, text=None, tail=None, _children=[])
    assert encode(element) == "Element('a', attrib={'b': 'c'})"


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_elements_keep_any_text(text: str, tail: str, tags: list[str]) -> None:
    element = ET.Element("a", {"k": text})
    element.text, element.tail = text or None, tail
    element.extend([ET.Element(tag) for tag in tags])
    back: Any = decode(encode(element))
    assert (back.attrib, back.text, back.tail) == (element.attrib, element.text, tail)
    assert [child.tag for child in back] == tags


def test_what_comes_back_goes_on_where_it_was() -> None:
    reader: Any = decode(encode(read(csv.reader(["a,b", "1,2", "3,4"]), 2)))
    assert (reader.line_num, list(reader), reader.line_num) == (2, [["3", "4"]], 3)
    back: Any = decode(encode((lambda out: (csv.writer(out, delimiter="|"), out))(io.StringIO())))
    writer, stream = back
    writer.writerow([1, 2])
    assert stream.getvalue() == "1|2\r\n"
    text: Any = decode(encode(io.TextIOWrapper(io.BytesIO("ä\nb".encode()), "utf-8")))
    assert list(text) == ["ä\n", "b"]
    assert decode(encode(struct.Struct("<H"))).pack(1) == b"\1\0"  # type: ignore[attr-defined]
    assert str(decode(encode(mail()))) == str(mail())
    assert decode("ContextVar('x', [1])").get() == [1]  # type: ignore[attr-defined]


def test_streams_in_the_middle_of_their_work_say_so() -> None:
    halfway = io.TextIOWrapper(io.BytesIO(b"a\nb"), "utf-8")
    halfway.readline()
    written = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n")
    written.write("pending")
    for stream in (halfway, written):
        assert "in the middle of its work" in encode(stream)
    assert written.buffer.getvalue() == b""


@pytest.mark.parametrize(
    "make", [hashlib.md5, hashlib.sha256, hashlib.sha3_256, hashlib.blake2b, hashlib.shake_128, "hmac"]
)
def test_digests_are_compared_by_what_came_of_them_so_far(make: Any) -> None:
    one, other = (
        hmac.new(b"key", content, "sha256") if make == "hmac" else make(content) for content in (b"1", b"2")
    )
    assert ", so far " in encode(one)
    assert encode(one) == encode(one.copy()) != encode(other)


def test_weak_references_share_their_object() -> None:
    owner = Account("held elsewhere")
    text = encode([weakref.ref(owner), owner, weakref.WeakSet([owner])])
    back: Any = decode(text, allow=HERE)
    assert back[0]() is back[1]
    assert list(back[2]) == [back[1]]


def test_weak_collections_do_not_lose_what_only_they_hold() -> None:
    back: Any = decode(encode(weakref.WeakValueDictionary({"a": KEPT})), allow=HERE)
    assert back["a"].owner == "kept"


def test_nothing_that_is_never_the_same_twice_is_told_of_temporary_files_without_a_name() -> None:
    with tempfile.SpooledTemporaryFile() as one, tempfile.TemporaryDirectory() as two:
        assert encode(one) == "opaque('tempfile:SpooledTemporaryFile', 'a temporary file')"
        assert two not in encode(one)


def test_classes_made_inside_functions_are_read_and_compared_but_not_made_again() -> None:
    class Local:
        def __init__(self) -> None:
            self.size = 1

    text = encode(Local(), width=None)
    assert text.endswith("<locals>.Local(size=1)")
    with pytest.raises(TypeGone, match="it was made inside a function, where nothing can find it again"):
        decode(text, allow=HERE)


def test_annotations_come_back() -> None:
    for annotation in (list[int], int | str, Optional[int], dict[str, "list[int]"]):  # noqa: UP045
        assert decode(encode(annotation), allow=HERE) == annotation


@pytest.mark.parametrize(
    "text",
    [
        "map(builtins:eval, list_iterator(['1']))",
        "callable_iterator(os:system, 1)",
        "itertools.starmap(subprocess:call, list_iterator([]))",
        "itertools.chain(state=5)",
        "enumerate(1, 2)",
        "deque_iterator([1])",
        "list_iterator(1)",
        "dict_keyiterator([[1]])",
        "csv.reader([], Dialect(), line_num=99999999999999)",
        "csv.reader(1, 2)",
        "TextIOWrapper([], 'utf-8')",
        "TextIOWrapper(BytesIO(b'', 0), 'no such encoding')",
        "BufferedReader([1], 0)",
        "UnionType(1, 2)",
        "GenericAlias()",
        "typing.form('get_type_hints')",
        "WeakSet({1})",
        "ref(1)",
        "Struct('?!')",
        "Context(flags=['x'], traps=[])",
        "Element()",
        "email.Header('a', 1)",
        "xml.dom.minidom:parse",
        "xml.etree.ElementTree:parse",
        "csv:reader",
        "weakref:finalize()",
        "logging:FileHandler()",
        "http.cookiejar:FileCookieJar()",
        "os.environ(1)",
    ],
)
def test_a_text_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(DecodeError):
        decode(text, allow=HERE)


def again(value: Any) -> Any:
    """What is made of its text."""
    return decode(encode(value), allow=HERE)


def test_parsers_of_arguments_parse_as_they_did() -> None:
    """Some of what they hold is known by its identity, which a text does not keep."""
    parser = argparse.ArgumentParser(prog="shop", description="Sells.")
    parser.add_argument("count", type=int)
    parser.add_argument("--hidden", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version="1")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--wide", action="store_true")
    kinds.add_argument("--tag", action="append", choices=["a", "b"], default=argparse.SUPPRESS)
    parser.add_subparsers(dest="verb").add_parser("run").add_argument("names", nargs="*")
    made = again(parser)

    arguments = ["3", "--tag", "a", "run", "x", "y"]
    assert made.parse_args(arguments) == parser.parse_args(arguments)
    assert not hasattr(made.parse_args(["3", "run"]), "help")
    assert made.format_help() == parser.format_help()


def test_older_parsers_do_so_too() -> None:
    parser = optparse.OptionParser(prog="shop")
    parser.add_option("-n", type="int", default=4)
    parser.add_option("--secret", help=optparse.SUPPRESS_HELP)
    parser.add_option_group(optparse.OptionGroup(parser, "More"))
    made = again(parser)

    assert made.parse_args(["-n", "3", "x"]) == parser.parse_args(["-n", "3", "x"])
    assert made.format_help() == parser.format_help()


def test_the_function_that_opens_files_is_a_value_as_it_is() -> None:
    assert decode(encode([open])) == [open]
