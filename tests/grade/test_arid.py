"""What says nothing about a net is not counted, unless the net records it."""

from __future__ import annotations

import ast
import textwrap

import pytest

from legacy_seam.calls import Kind
from legacy_seam.grade.arid import RULES, Aridity
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.operators import OPERATORS

MODULE = """
    '''Text of the module.'''
    __version__ = '1.0'
    LIMIT = 3

    def pay(order: 'Order', log, timeout=3) -> 'int':
        '''Pay it.'''
        if log:
            logger.info('paying %s', order)
        else:
            logging.debug('no log')
        assert order > 0, 'none'
        warnings.warn('old')
        print('paid', 1)
        time.sleep(5)
        fetch(order, timeout=10)
        open_(order, buffering=4096)
        if order < 0:
            raise ValueError('negative')
        return len(order) + 1

    @lru_cache(maxsize=128)
    def cached(): return 2

    class Order:
        def __repr__(self): return 'order' + str(1)

    if __name__ == '__main__':
        pay(1, 2)
    """


def rules_by_text(*recorded: Kind) -> dict[str, str | None]:
    written = textwrap.dedent(MODULE)
    source = Source("m", written, ast.parse(written))
    return {
        one.before: one.rule
        for name in ("", *source.functions)
        for one in source.mutants(name, OPERATORS, Aridity(recorded))
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("'''Text of the module.'''", "constant"),
        ("'1.0'", "declaration"),
        ("'Order'", "annotation"),
        ("'''Pay it.'''", "constant"),
        ("'paying %s'", "logging"),
        ("'none'", "assertion"),
        ("'old'", "warning"),
        ("'paid'", "printing"),
        ("5", "patience"),
        ("10", "patience"),
        ("4096", "capacity"),
        ("'negative'", "message"),
        ("len(order)", "must-be-called"),
        ("128", "cache"),
        ("str(1)", "display"),
    ],
)
def test_what_says_nothing_is_suppressed_by_a_rule(text: str, rule: str) -> None:
    assert rules_by_text()[text] == rule


def test_a_condition_is_arid_where_all_that_it_guards_is() -> None:
    assert rules_by_text()["log"] == "logging"
    assert rules_by_text("logged")["log"] is None


@pytest.mark.parametrize("text", ["3", "<", "0", "2"])
def test_what_matters_is_counted(text: str) -> None:
    assert rules_by_text()[text] is None


def test_rules_are_lifted_where_the_net_records_what_they_are_about() -> None:
    found = rules_by_text("logged", "warned", "printed", "raised")
    assert {found[text] for text in ("'paying %s'", "'old'", "'paid'", "'negative'")} == {None}


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.identity for rule in RULES}) == len(RULES)
