"""A model's answer as the type that the legacy function returns.

What reads it may write it into a column or compare it with `is`: numpy's integers, bound to SQLite, are stored as
bytes without a word.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from legacy_seam.experiment.compare.numbers import native

Rounding = Literal["exact", "half_even", "floor"]


class WrongType(Exception):
    """The answer cannot be made the type that legacy returns."""


class NotFinite(Exception):
    """The answer is NaN or infinite."""


def coerced(value: Any, types: tuple[str, ...], rounding: Rounding = "exact") -> Any:
    """The answer as the first of the types that holds it.

    Args:
        value: The answer of the model.
        types: Names of the types that legacy was recorded to return.
        rounding: What becomes of 712.4 where legacy returns whole numbers: `exact` refuses it.

    Raises:
        WrongType: No type holds it.
        NotFinite: It is NaN or infinite.

    >>> coerced(712.0, ("int",)), coerced(712.4, ("int",), "half_even"), coerced(3, ("float",))
    (712, 712, 3.0)
    """
    value = _single(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise NotFinite(f"the answer is {value}")
    if not types or type(value).__name__ in types:
        return value
    for name in types:
        convert = _CONVERSIONS.get(name)
        if convert is not None:
            made = convert(value, rounding)
            if made is not None:
                return made
    raise WrongType(f"the answer {value!r:.60} is of type {type(value).__name__}, not {' or '.join(types)}")


def _single(value: Any) -> Any:
    """The plain value of a scalar of numpy, or of an array of one."""
    if hasattr(value, "item") and getattr(value, "size", None) == 1 and type(value).__module__ == "numpy":
        return value.item()
    return native(value)


def _to_int(value: Any, rounding: Rounding) -> int | None:
    if isinstance(value, bool) or not _is_real(value):
        return None
    if rounding == "exact":
        return int(value) if value == int(value) else None
    return int(round(value) if rounding == "half_even" else math.floor(value))


def _to_float(value: Any, rounding: Rounding) -> float | None:
    return None if isinstance(value, bool) or not _is_real(value) else float(value)


def _to_bool(value: Any, rounding: Rounding) -> bool | None:
    return bool(value) if _is_real(value) and value in (0, 1) else None


def _to_decimal(value: Any, rounding: Rounding) -> Any:
    if isinstance(value, bool) or not _is_real(value):
        return None
    from decimal import Decimal

    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _to_str(value: Any, rounding: Rounding) -> str | None:
    return str(value) if isinstance(value, str) else None


def _to_list(value: Any, rounding: Rounding) -> list[Any] | None:
    if isinstance(value, tuple):
        return list(value)
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        made: list[Any] = value.tolist()
        return made
    return None


def _to_tuple(value: Any, rounding: Rounding) -> tuple[Any, ...] | None:
    made = value if isinstance(value, list) else _to_list(value, rounding)
    return None if made is None else tuple(made)


def _is_real(value: Any) -> bool:
    if isinstance(value, (int, float)):
        return True
    return type(value).__name__ in ("Decimal", "Fraction") and value == value


_CONVERSIONS = {
    "int": _to_int,
    "float": _to_float,
    "bool": _to_bool,
    "Decimal": _to_decimal,
    "str": _to_str,
    "list": _to_list,
    "tuple": _to_tuple,
}
