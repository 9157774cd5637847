"""What something new is called, made from the name of what it stands for."""

from __future__ import annotations

import re
import sys
from typing import Final

_BOUNDARY: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake(name: str) -> str:
    """A name as functions and variables spell it, without underscores around it.

    >>> snake("HTTPClient"), snake("_now"), snake("DSN"), snake("O_CREAT"), snake("priceList2")
    ('http_client', 'now', 'dsn', 'o_creat', 'price_list2')
    """
    return _BOUNDARY.sub("_", name.strip("_")).lower()


def private(full_name: str) -> str:
    """The private name of what gives something by its full name.

    >>> private("datetime.datetime.now"), private("subprocess.Popen"), private("os.environ")
    ('_now', '_popen', '_environ')
    """
    return f"_{snake(full_name.rpartition('.')[2])}"


def given(full_name: str) -> str:
    """What a value is called that is handed in, where it was asked for before.

    >>> given("net.HTTPClient"), given("tempfile.gettempdir"), given("shop.get_rate"), given("time.time")
    ('http_client', 'tempdir', 'rate', 'time')
    """
    name = snake(full_name.rpartition(".")[2])
    is_of_the_library = full_name.partition(".")[0] in sys.stdlib_module_names
    return name.removeprefix("get_").removeprefix("get" if is_of_the_library else "") or name


def factory(full_name: str) -> str:
    """What a method is called that makes something.

    >>> factory("net.HTTPClient"), factory("db.DB"), factory("sqlite3.connect"), factory("m._Session2")
    ('_make_http_client', '_make_db', '_connect', '_make_session2')
    """
    made = full_name.rpartition(".")[2].strip("_")
    return f"_{snake(made)}" if made[:1].islower() else f"_make_{snake(made)}"


def capitals(name: str) -> str:
    """A name as private classes spell it.

    >>> capitals("score_all"), capitals("_globals"), capitals("isOpen")
    ('_ScoreAll', '_Globals', '_IsOpen')
    """
    return "_" + "".join(one[:1].upper() + one[1:] for one in name.split("_"))
