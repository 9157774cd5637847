"""A call that can do nothing but compute is not looked at for anything else, and comes out as if it were."""

from __future__ import annotations

import ast
import builtins
import math
import sys
import types
from typing import Any

import pytest

from legacy_seam.calls import Effect, Outcome
from legacy_seam.replay import Batch, Conditions
from legacy_seam.replay.purity import can_only_compute

MODULE = """
import codecs, datetime, enum, functools, math, os, random, time, warnings
from math import floor
RATES, FIXED, SEEN, RAW = {'A': 1.5, 'B': [2.25]}, (1, 2.5, None), [], b'raw'
class Refused(ValueError): pass
class Loud(ValueError):
    def __init__(self, *args): print('loud'); super().__init__(*args)
class Odd(int): pass
ODD = Odd(3)
def double(n): return n * 2
def shout(n): print(n); return n
@functools.lru_cache
def once(n): return n
"""
COMPUTES = """
def branches(n, s): return n + 1 if n > 2 else s
def loops(n, s):
    found = []
    for at in range(min(abs(n), 9)):
        found.append({'at': at, 'sum': sum(x * at for x in range(at)), 'name': f'{s:>4}{at!r}'})
    return found
def catches(n, s):
    try: return 10 / n
    except ZeroDivisionError as failure: return str(failure)
    finally: s = 1
def fails(n, s):
    if n % 2: raise Refused(n, s)
    return {'n': n}[s]
def computes_with_math(n, s): return math.sqrt(abs(n)) + math.floor(n / 3) + math.pi
def takes_from_math(n, s): return floor(n / 3)
def uses_others(n, s): return double(double(n))
def reads_state(n, s): return RATES['A'] * n + FIXED[0]
def changes_state(n, s): RATES['B'].append(n); RATES[s] = n; return len(RATES)
def remembers(n, s): SEEN.append(s); return len(SEEN)
def gives_state_away(n, s): return RATES
def recurs(n, s): return n if n < 1 else recurs(n - 1, s) + 1
def recurs_for_ever(n, s): return recurs_for_ever(n + 1, s)
def counts_frames(n, s):
    try: return counts_frames(n, s) + 1
    except RecursionError: return 1
def has_inner_functions(n, s):
    def inner(by, more=2): return n * by + more
    return sorted([s, 'b', 'a'], key=lambda text: text.lower()), inner(3), list(map(inner, (1, 2)))
def gives_items(n, s): return map(double, range(3))
def formats(n, s): return '{:>8}|{n:.2f}'.format(s, n=float(n)) + '%05d' % n
def slices(n, s): first, *rest = s[::-1] + 'xy'; return first, rest[-2:], s.partition('x')
def unpacks(n, s): return dict(**{'n': n}, s=s), [*s], {*s} | {n}
def stays_the_same(n, s): return s is s, n is n, s
def has_a_default(n, s, by=3): return n * by
def asserts(n, s): assert n < 3, s
def is_very_large(n, s): return 10 ** 5000
def shows_a_function(n, s): return str(double)[:12], [double]
def matches(n, s):
    match [n, s]:
        case [0, _]: return 'nothing'
        case [3, 'x']: return 'x'
    return None
"""
DOES_MORE = """
def puts_a_name(n, s):
    global ADDED
    ADDED = n
def prints(n, s): print(n); return n
def prints_elsewhere(n, s): return shout(n)
def keeps_an_attribute(n, s): double.last = n
def asks_the_time(n, s): return time.time()
def draws(n, s): return random.random()
def imports(n, s): import json; return json.dumps(n)
def writes(n, s): open(s, 'w').close()
def warns_by_itself(n, s): return ~(n > 2)
def codes(n, s): return s.encode('idna')
def decodes(n, s): return str(RAW, 'ascii')
def has_bytes(n, s): return b'x'
def looks_around(n, s): return ().__class__.__base__
def looks_within(n, s): return '{0.__globals__}'.format(double)
def looks_by_what_it_is_given(n, s): return s.format(double)
def raises_loudly(n, s): raise Loud(n)
def has_an_odd_number(n, s): return ODD + n
def asks_what_it_is(n, s): return type(n)('1')
def runs(n, s): return eval('n')
def gets(n, s): return getattr(n, s)
def remembers_by_a_cache(n, s): return once(n)
def shows_where(n, s): return id(n)
def makes_a_class(n, s):
    class Local: pass
    return Local.__name__
def has_a_changing_default(n, s, seen=[]): seen.append(n); return len(seen)
def has_an_unknown_name(n, s): return UNKNOWN
def hands_over(n, s): yield n
def reaches_a_module(n, s): return [math][0].floor(n)
def works_with_dates(n, s): return datetime.date(2020, 1, 1)
"""


def functions(source: str) -> dict[str, types.FunctionType]:
    namespace: dict[str, Any] = {"__name__": "job"}
    exec(MODULE, namespace)
    before = set(namespace)
    exec(source, namespace)
    return {name: held for name, held in namespace.items() if name not in before}


def names_of(source: str) -> list[str]:
    return [*functions(source)]


GIVEN = [(n, s) for n in (0, 1, 3, -2) for s in ("x", "", "n", "{0}", "\u00c4\u00a0")]
ACTS = "def act(name, n, s):\n" + "".join(
    f"    if name == {one!r}: return {one}(n, s)\n" for one in names_of(COMPUTES)
)


@pytest.mark.skipif(sys.gettrace() is not None, reason="whatever is traced runs more code than its own")
def test_what_only_computes_is_told_by_its_code() -> None:
    found = {name: can_only_compute(held) for name, held in functions(COMPUTES + ACTS).items()}
    assert found == dict.fromkeys([*names_of(COMPUTES), "act"], True)


def test_what_could_do_anything_else_is_told_by_its_code() -> None:
    found = {name: can_only_compute(held) for name, held in functions(DOES_MORE).items()}
    assert found == dict.fromkeys(names_of(DOES_MORE), False)


def test_what_a_program_puts_in_the_place_of_a_builtin_is_not_taken_for_it(monkeypatch: Any) -> None:
    held = functions("def f(n): return oct(n)\ndef g(n): return math.erf(n)")
    monkeypatch.setattr(builtins, "oct", lambda number: print(number))
    monkeypatch.setattr(math, "erf", lambda number: print(number))
    assert not any(map(can_only_compute, held.values()))


def test_code_that_is_traced_runs_more_than_its_own() -> None:
    (held,) = functions("def f(n): return n").values()
    before = sys.gettrace()
    sys.settrace(lambda *event: None)
    try:
        assert not can_only_compute(held)
    finally:
        sys.settrace(before)


def looked_at_closely(source: str) -> str:
    """Functions that name something that does more, though they do nothing with it."""
    tree = ast.parse(source)
    for held in tree.body:
        if isinstance(held, ast.FunctionDef):
            held.body.insert(0, ast.Expr(ast.Name("id")))
    return ast.unparse(ast.fix_missing_locations(tree))


@pytest.fixture
def acts(program: Any) -> Any:
    program.write(job=MODULE + COMPUTES + ACTS)
    return program


def calls_of_all(program: Any) -> list[Any]:
    names = names_of(COMPUTES)
    return [program.call("job:act", name=repr(name), n=repr(n), s=repr(s)) for n, s in GIVEN for name in names]


def test_it_comes_out_as_a_call_that_is_looked_at_closely(acts: Any) -> None:
    quick = {one.identity: (one.outcome, one.notes) for one in acts.replay(*calls_of_all(acts))}
    acts.write(job=MODULE + COMPUTES + looked_at_closely(ACTS))
    close = {one.identity: (one.outcome, one.notes) for one in acts.replay(*calls_of_all(acts))}
    assert quick == close


def test_it_is_known_by_what_is_expected_of_it_and_what_is_not_is_told(acts: Any) -> None:
    calls = calls_of_all(acts)
    before = {one.identity: one.outcome for one in acts.replay(*calls)}
    wrong = {call.identity: Outcome((Effect("returned", "", "'wrong'"),)) for call in calls[::7]}
    batch = Batch(calls[0].target, tuple(calls), acts.run_of(), before | wrong)
    after = {one.identity: one.outcome for one in acts.replayer.run([batch], Conditions())}
    assert after == before
    assert [name for name in after if after[name] is not before[name]] == [*wrong]


def test_calls_around_it_that_are_given_more_than_atoms_are_looked_at_as_ever(program: Any) -> None:
    program.write(job="class Odd:\n    def __radd__(self, n): print('added', n); return n\ndef f(n): return 1 + n")
    odd = "job:Odd()"
    calls = [program.call("job:f", n=text) for text in ("1", odd, "2", "[3]", "4", "b'5'", "6")]
    told = [{one.kind for one in replayed.outcome.effects} for replayed in program.replay(*calls)]
    returned, raised = {"returned"}, {"raised"}
    assert told == [returned, {"returned", "printed"}, returned, raised, returned, raised, returned]


OF_DATA = """
SEEN = []
def sums(lines): return sum(line['count'] for line in lines)
def sorts(lines): lines.sort(key=str); return len(lines)
def gives_back(lines): return lines
def gives_a_part(lines): return lines[0], {'first': lines[0]}
def fails_with(lines): raise ValueError(lines)
def empties(lines):
    while lines: lines.pop()
    raise IndexError('empty')
def remembers(lines): SEEN.append(lines); return len(SEEN)
def gives_items(lines): return map(len, lines)
"""


def test_of_lists_and_tables_it_comes_out_as_a_call_that_is_looked_at_closely(program: Any) -> None:
    texts = ["[{'count': 3, 'item': 'b'}, {'count': 1, 'item': None}]", "[]", "[{'count': 'x'}, {}]", "&1 [*1]"]
    calls = [program.call(f"job:{name}", lines=text) for name in names_of(OF_DATA) for text in texts]
    assert all(can_only_compute(held) for held in functions(OF_DATA).values())
    program.write(job=OF_DATA)
    quick = {one.identity: one.outcome for one in program.replay(*calls)}
    wrong = {call.identity: Outcome((Effect("returned", "", "'wrong'"),)) for call in calls[::3]}
    groups = {call.target: tuple(one for one in calls if one.target == call.target) for call in calls}
    batches = [Batch(target, some, program.run_of(), quick | wrong) for target, some in groups.items()]
    again = {one.identity: one.outcome for one in program.replayer.run(batches, Conditions())}
    program.write(job=looked_at_closely(OF_DATA))
    close = {one.identity: one.outcome for one in program.replay(*calls)}
    assert quick == again == close
    assert {name for name in again if again[name] is not quick[name]} == wrong.keys()
