from __future__ import annotations

import pytest

from legacy_seam.survey.catalogue import KINDS, nature_of
from legacy_seam.survey.risk import WEIGHTS, WORDS


@pytest.mark.parametrize(
    ("path", "kind", "writes"),
    [
        ("time.time", "clock", False),
        ("random.Random().choice", "randomness", False),
        ("os.environ.get", "environment", False),
        ("os.chdir", "environment", True),
        ("builtins.open", "files", False),
        ("builtins.open[w]", "files", True),
        ("builtins.open().write", "files", True),
        ("pathlib.Path().write_text", "files", True),
        ("sqlite3.connect().cursor().execute", "databases", True),
        ("sqlite3.connect().cursor().execute[select]", "databases", False),
        ("sqlite3.connect().execute().fetchall", "databases", False),
        ("redis.Redis().set", "databases", True),
        ("requests.Session().post", "network", True),
        ("subprocess.run", "processes", True),
        ("threading.Thread().start", "threads", True),
        ("builtins.print", "output", True),
        ("logging.getLogger", None, False),
        ("builtins.eval", "dynamic code", True),
    ],
)
def test_a_name_of_a_library_has_a_kind(path: str, kind: str | None, writes: bool) -> None:
    nature = nature_of(path, called=True)

    assert (nature and nature.kind) == kind
    assert nature is None or nature.writes == writes


@pytest.mark.parametrize(
    "path",
    [
        "random.Random[seed]().random",
        "time.localtime[given]",
        "datetime.datetime.now().strftime",
        "uuid.uuid4().hex",
        "requests.exceptions.HTTPError",
        "builtins.open().close",
        "json.dumps",
        "shop.rules.score",
    ],
)
def test_what_only_computes_has_none(path: str) -> None:
    assert nature_of(path, called=True) is None


def test_what_is_only_mentioned_counts_where_it_is_an_entry_of_its_own() -> None:
    assert nature_of("datetime.datetime.now", called=False) is not None  # clock = datetime.now
    assert nature_of("os.environ", called=False) is not None  # os.environ["HOME"]
    assert nature_of("sqlite3.Error", called=False) is None
    assert nature_of("random", called=False) is None


def test_the_name_of_a_method_alone_is_a_guess() -> None:
    nature = nature_of("?.executemany", called=True)

    assert nature is not None
    assert nature.kind == "databases"
    assert not nature.is_sure


def test_every_kind_has_a_weight_and_words() -> None:
    assert {kind for kind, _ in WEIGHTS} == set(KINDS)
    assert WORDS.keys() == WEIGHTS.keys()
