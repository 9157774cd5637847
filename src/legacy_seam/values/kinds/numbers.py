"""Numbers of the standard library, and universally unique ones."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of
from legacy_seam.values.kinds.kind import Kind, Written, call
from legacy_seam.values.layout import LIST, Draft


def _decimal(value: Any) -> str:
    """Its digits. The exponent is a capital E, whatever the current context says."""
    from decimal import Decimal

    return f"Decimal('{Decimal.__str__(value).replace('e', 'E')}')"


def _make_decimal(digits: str) -> object:
    from decimal import Decimal

    return Decimal(digits)


def _adopt_decimal(cls: Any, value: Any) -> object:
    from decimal import Decimal

    return Decimal.__new__(cls, value)


def _fraction(value: Any) -> Written:
    slots = attributes_of(value)
    return call("Fraction", slots["_numerator"], slots["_denominator"])


def _make_fraction(numerator: int, denominator: int) -> object:
    from fractions import Fraction

    return Fraction(numerator, denominator)


def _uuid(value: Any) -> str:
    digits = f"{attributes_of(value)['int']:032x}"
    return f"UUID('{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}')"


def _make_uuid(digits: str) -> object:
    from uuid import UUID

    return UUID(digits)


def _context(value: Any) -> Written:
    """A context of decimal arithmetic: only what differs from one made without arguments."""
    from decimal import Context

    state: Any = Context.__reduce__(value)
    *settings, flags, traps = state[1]
    more = {key: held for key, held in zip(_USUAL_CONTEXT, settings, strict=True) if held != _USUAL_CONTEXT[key]}
    raised = [Draft(LIST, [one.__name__ for one in signals]) for signals in (flags, traps)]
    return call("Context", **more, flags=raised[0], traps=raised[1])


_USUAL_CONTEXT: dict[str, Any] = {
    "prec": 28,
    "rounding": "ROUND_HALF_EVEN",
    "Emin": -999999,
    "Emax": 999999,
    "capitals": 1,
    "clamp": 0,
}


def _make_context(flags: list[str], traps: list[str], **settings: Any) -> object:
    import decimal

    raised = ([getattr(decimal, name) for name in names] for names in (flags, traps))
    return decimal.Context(*(_USUAL_CONTEXT | settings).values(), *raised)


def _adopt_slots(cls: Any, value: object) -> object:
    """An instance of a subclass with the same slots as a value whose class is written in Python."""
    made = object.__new__(cls)
    Anatomy.of(cls).put(made, attributes_of(value))
    return made


KINDS = (
    Kind(("decimal:Decimal",), _decimal, "Decimal", _make_decimal, adopt=_adopt_decimal),
    Kind(("decimal:Context",), _context, "Context", _make_context, has_identity=True),
    Kind(("fractions:Fraction",), _fraction, "Fraction", _make_fraction, adopt=_adopt_slots),
    Kind(("uuid:UUID",), _uuid, "UUID", _make_uuid, adopt=_adopt_slots),
)
