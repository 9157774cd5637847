"""Random generators of numpy: which one it is, and its whole state."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.anatomy import getter
from legacy_seam.values.kinds.arrays import library
from legacy_seam.values.kinds.kind import Kind, call
from legacy_seam.values.layout import Draft

_BITS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]


def _generator(value: Any) -> Draft:
    random = library().random
    return call("np.random.Generator", getter(random.Generator, "bit_generator")(value))


def _bits(name: str) -> Kind:
    module = {"PCG64DXSM": "pcg64"}.get(name, name.lower())

    def take(value: Any) -> Draft:
        cls = getattr(library().random, name)
        state = dict(getter(cls, "state")(value))
        state.pop("bit_generator")
        return call(f"np.random.{name}", state, seed_seq=getter(cls, "seed_seq")(value))

    def make(state: dict[str, Any], seed_seq: object) -> object:
        made = getattr(library().random, name)(seed_seq if seed_seq is not None else 0)
        made.state = {"bit_generator": name, **state}
        return made

    return Kind((f"numpy.random._{module}:{name}",), take, f"np.random.{name}", make, has_identity=True)


def _seed_sequence(value: Any) -> Draft:
    cls = library().random.SeedSequence
    state = {key: getter(cls, key)(value) for key in ("entropy", "spawn_key", "pool_size", "n_children_spawned")}
    return call("np.random.SeedSequence", **state)


def _random_state(value: Any) -> Draft:
    """The old sort of generator, with the half of a pair of normal numbers that may be left over."""
    state = library().random.RandomState.get_state(value, legacy=False)
    return call("np.random.RandomState", dict(state))


def _make_random_state(state: dict[str, Any]) -> object:
    made = library().random.RandomState(0)
    made.set_state(state)
    return made


KINDS = (
    Kind(
        ("numpy.random._generator:Generator",),
        _generator,
        "np.random.Generator",
        lambda bits: library().random.Generator(bits),
        has_identity=True,
    ),
    *map(_bits, _BITS),
    Kind(
        ("numpy.random.bit_generator:SeedSequence",),
        _seed_sequence,
        "np.random.SeedSequence",
        lambda **state: library().random.SeedSequence(**state),
        has_identity=True,
    ),
    Kind(
        ("numpy.random.mtrand:RandomState",),
        _random_state,
        "np.random.RandomState",
        _make_random_state,
        has_identity=True,
    ),
)
