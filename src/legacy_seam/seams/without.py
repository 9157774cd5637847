"""Techniques of the book that need no edit of the source in Python, or make no sense there: what to do instead."""

from __future__ import annotations

from typing import Final

PAGE: Final = "docs/how-to/without-editing.md"

WITHOUT: Final[dict[str, str]] = {
    "link-substitution": (
        "needs no edit: put a stand-in into `sys.modules` before the code under test is imported"
        " (`monkeypatch.setitem`); where a name was copied by `from … import`, use qualify-import"
    ),
    "definition-completion": (
        "needs no edit: put a module of your own, with only what is used, into `sys.modules`"
        " (`monkeypatch.setitem`)"
    ),
    "text-redefinition": "needs no edit: set another function on the class or module with `monkeypatch.setattr`",
    "supersede-instance-variable": (
        "needs no edit: assign to the attribute of the object; where it has slots, is frozen or is a property, use"
        " parameterize-constructor or extract-and-override-factory-method"
    ),
    "template-redefinition": (
        "has no counterpart: Python has no templates, since every name is looked up when it is used. Use"
        " parameterize-constructor to hand in another class, or extract-interface for its type"
    ),
    "pull-up-feature": (
        "has no counterpart: a method can be tried on any object that has what it uses. Call"
        " `Class.method(double)`, or use expose-static-method or break-out-method-object to take it out of its"
        " class"
    ),
    "push-down-dependency": (
        "is left out: all places that make the class would have to change. Use subclass-and-override-method, which"
        " leaves the dependency in the class and overrides it in a testing subclass"
    ),
}
"""What `insert` answers, by the name of the technique."""


def advice(technique: str) -> str | None:
    """What to do instead of a technique that there is none of; None where the name says nothing.

    >>> advice("template-redefinition")[:63]
    'Template Redefinition has no counterpart: Python has no templat'
    """
    told = WITHOUT.get(technique)
    return f"{technique.replace('-', ' ').title()} {told} ({PAGE})" if told else None
