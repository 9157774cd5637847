"""New calls, made of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from legacy_seam.calls import Call
from legacy_seam.record.taken import identity_of
from legacy_seam.replay.searching.mutating import Mutator
from legacy_seam.replay.searching.trees import read, written


def child_of(mutator: Mutator, call: Call, others: Sequence[Call]) -> Call | None:
    """A call that is like another one but for a part or a few; None where nothing came of it.

    Args:
        mutator: makes the inputs.
        call: the one that it is like.
        others: of which parts may be taken over.
    """
    before = read(call.arguments)
    other = (lambda: read(mutator.chance.choice(others).arguments)) if others else None
    made = mutator.changed(before, call.defaulted, other)
    if made is None:
        return None
    changed = {name: tree for name, tree in made.trees.items() if tree is not before.get(name)}
    texts = {name: written(tree) for name, tree in changed.items()}
    told = {name: text for name, text in texts.items() if text is not None}
    child = with_inputs(call, told, made.defaulted)
    return None if len(told) < len(texts) or child.identity == call.identity else child


def with_inputs(call: Call, arguments: Mapping[str, str], defaulted: Sequence[str]) -> Call:
    """A call with other arguments, which nobody has seen made.

    Args:
        call: the call.
        arguments: those that are others, as texts.
        defaulted: parameters that are left to their defaults.
    """
    given = {**call.arguments, **arguments}
    changed = {name: text for name, text in given.items() if name not in defaulted}
    return renamed(replace(call, arguments=changed, defaulted=tuple(defaulted), observed=None))


def renamed(call: Call) -> Call:
    """A call under the identity that a recording of the same inputs would give it."""
    return replace(call, identity=identity_of(call))
