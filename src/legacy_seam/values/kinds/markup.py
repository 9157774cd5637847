"""XML as `xml.etree.ElementTree` holds it: an element, what is in it, and what follows it.

    Element('item', attrib={'sku': 'A1'}, text='3', tail=' ', children=[..])

What an element has none of is left out. The tag of a comment, or of a processing instruction, is the function that
makes such elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.kind import Kind, call
from legacy_seam.values.layout import LIST, Draft


def _base() -> Any:
    from xml.etree.ElementTree import Element  # in C, as a rule; else its model in Python

    return Element


def _state(element: Any) -> Mapping[str, Any]:
    """Tag, attributes, text, tail and children."""
    own = attributes_of(element)
    if "_children" in own:
        return own
    state: Mapping[str, Any] = _base().__getstate__(element)
    return state


def _element(value: Any) -> Draft:
    state = _state(value)
    parts = {key: state[key] for key in ("attrib", "text", "tail") if state[key] not in (None, {})}
    if state["_children"]:
        parts["children"] = Draft(LIST, list(state["_children"]))
    return call("Element", state["tag"], **parts)


def _make_element(
    tag: object, attrib: object = None, text: object = None, tail: object = None, children: object = ()
) -> object:
    return _fill(_blank(_base()), tag, {} if attrib is None else attrib, text, tail, children)


def _blank(cls: Any) -> object:
    return _base().__new__(cls)


def _fill(element: Any, tag: object, attrib: object, text: object, tail: object, children: Any) -> object:
    state = {"tag": tag, "attrib": attrib, "text": text, "tail": tail, "_children": list(children)}
    if hasattr(_base(), "__setstate__"):
        _base().__setstate__(element, state)
    else:
        vars(element).update(state)
    return element


def _pour(element: Any, other: Any) -> None:
    state = _state(other)
    _fill(element, *(state[key] for key in ("tag", "attrib", "text", "tail", "_children")))


KINDS = (
    Kind(
        ("xml.etree.ElementTree:Element",),
        _element,
        "Element",
        _make_element,
        blank=_blank,
        pour=_pour,
        has_identity=True,
    ),
)
