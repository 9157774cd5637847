"""What belongs to the process as a whole: told where a call changes it, and put back for the next."""

from __future__ import annotations

from typing import Any

import pytest

SOURCE = """
import builtins, contextvars, csv, decimal, gc, locale, logging
import os, signal, socket, sys, threading, time, warnings
V = contextvars.ContextVar('V', default=0)
LOCAL = threading.local()
LOG = logging.getLogger('shop')

def environment(): seen = os.environ.get('NEW'); os.environ['NEW'] = '1'; return seen
def removed(): seen = os.environ.get('GIVEN'); os.environ.pop('GIVEN', None); return seen
def directory(): seen = os.path.basename(os.getcwd()) == 'sub'; os.makedirs('sub'); os.chdir('sub'); return seen
def zone(): seen = time.localtime()[3]; os.environ['TZ'] = 'Asia/Tokyo'; time.tzset(); return seen
def locale_(): seen = locale.setlocale(locale.LC_NUMERIC); locale.setlocale(locale.LC_ALL, 'C'); return seen
def precision(): seen = decimal.getcontext().prec; decimal.getcontext().prec = 5; return seen
def context(): seen = decimal.getcontext().prec; decimal.setcontext(decimal.Context(prec=4)); return seen
def mask(): seen = os.umask(0o077); return seen
def handler(): return str(signal.signal(signal.SIGUSR1, lambda *a: None))
def collector(): seen = gc.isenabled(); gc.disable(); return seen
def fields(): return csv.field_size_limit(99)
def timeout(): seen = socket.getdefaulttimeout(); socket.setdefaulttimeout(3); return seen
def filters(): seen = len(warnings.filters); warnings.simplefilter('ignore'); return seen
def level(): seen = LOG.level; LOG.setLevel('ERROR'); return seen
def handlers(): seen = len(LOG.handlers); LOG.addHandler(logging.NullHandler()); return seen
def log_file():
    seen = len(logging.getLogger().handlers); logging.basicConfig(filename='app.log'); LOG.warning('hi')
    return seen, open('app.log').read()
def variable(): V.set(V.get() + 1); return V.get()
def per_thread(): LOCAL.n = getattr(LOCAL, 'n', 0) + 1; return LOCAL.n
def built_in(): seen = len([1]); builtins.len = lambda x: 7; return seen
def path(): seen = '/zzz' in sys.path; sys.path.append('/zzz'); return seen
def module(): seen = 'fake' in sys.modules; sys.modules['fake'] = type(sys)('fake'); return seen
def arguments(): sys.argv.append('x'); return len(sys.argv)
def interval(): seen = sys.getswitchinterval(); sys.setswitchinterval(0.25); return seen
def hook(): seen = sys.excepthook is print; sys.excepthook = print; return seen
"""

CHANGES = {
    "environment": ("os.environ['NEW']", "'1'"),
    "removed": ("os.environ['GIVEN']", "<missing>"),
    "directory": ("os.getcwd()", "'<directory>/sub'"),
    "zone": ("os.environ['TZ']", "'Asia/Tokyo'"),
    "locale_": ("locale.setlocale(LC_ALL)", "'C'"),
    "precision": ("decimal.getcontext().prec", "5"),
    "context": ("decimal.getcontext().prec", "4"),
    "mask": ("os.umask()", "63"),
    "handler": ("signal.getsignal(SIGUSR1)", None),
    "collector": ("gc.isenabled()", "False"),
    "fields": ("csv.field_size_limit()", "99"),
    "timeout": ("socket.getdefaulttimeout()", "3.0"),
    "filters": ("warnings.filters['ignore::Warning']", "True"),
    "level": ("logging.getLogger('shop').level", "'ERROR'"),
    "handlers": ("logging.getLogger('shop').handlers", "['NullHandler NOTSET']"),
    "log_file": ("logging.getLogger().handlers", "['FileHandler NOTSET <project>/app.log']"),
    "variable": ("V.get()", "1"),
    "built_in": ("builtins.len", None),
    "path": ("sys.path['/zzz']", "True"),
    "module": ("sys.modules['fake']", "'<module>'"),
    "arguments": ("sys.argv", "['driver.py', 'x']"),
    "interval": ("sys.getswitchinterval()", "0.25"),
    "hook": ("sys.excepthook", "builtins:print"),
}


def twice(program: Any, name: str) -> list[dict[str, str]]:
    """The outcomes of two calls, one after the other in one process."""
    program.write(job=SOURCE)
    run = program.run_of(environment={"GIVEN": "here"})
    outcomes = [replayed.outcome for replayed in program.replay(*[program.call(f"job:{name}")] * 2, run=run)]
    return [{f"{one.kind} {one.place}".strip(): one.text for one in outcome.effects} for outcome in outcomes]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_and_put_back(program: Any, name: str) -> None:
    first, second = twice(program, name)
    place, text = CHANGES[name]
    assert f"changed {place}" in first, first
    assert text is None or first[f"changed {place}"] == text
    assert second == first


def test_what_each_thread_has_for_itself_is_put_back(program: Any) -> None:
    first, second = twice(program, "per_thread")
    assert first == second == {"returned": "1", "changed job:LOCAL.n": "1"}


def test_a_call_that_changes_nothing_of_it_tells_nothing(program: Any) -> None:
    program.write(job="import decimal, os\ndef divide(): return decimal.Decimal(1) / 3, os.environ.get('X')")
    assert list(program.outcome("job:divide")) == ["returned"]
