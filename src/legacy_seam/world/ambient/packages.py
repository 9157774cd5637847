"""What well-known packages keep for the whole process, where they are loaded: settings of numpy and of pandas."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from legacy_seam.world.ambient.kind import Ambient, value

_PANDAS = "pandas._config.config"
_Options = dict[str, Any]


def _options() -> _Options:
    options: _Options = sys.modules[_PANDAS]._global_config
    return options


def _read_options() -> dict[tuple[str, ...], object]:
    return dict(_leaves(_options(), ()))


def _leaves(options: _Options, within: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, held in options.items():
        if type(held) is dict:
            yield from _leaves(held, (*within, name))
        else:
            yield (*within, name), held


def _put_options_back(held: Mapping[tuple[str, ...], object]) -> None:
    for (*within, last), option in held.items():
        options = _options()
        for name in within:
            options = options[name]
        options[last] = option


PACKAGES = (
    Ambient(
        _read_options,
        lambda held: {".".join(("pandas.options", *path)): option for path, option in held.items()},
        _put_options_back,
        frozenset({"set_option", "reset_option", "options", "set_eng_float_format"}),
        _PANDAS,
    ),
    value(
        "numpy.geterr()",
        "seterr",
        lambda numpy: tuple(sorted(numpy.geterr().items())),
        lambda numpy, held: numpy.seterr(**dict(held)),
    ),
    value(
        "numpy.get_printoptions()",
        "set_printoptions",
        lambda numpy: tuple(sorted((k, v) for k, v in numpy.get_printoptions().items() if k != "override_repr")),
        lambda numpy, held: numpy.set_printoptions(**dict(held)),
    ),
)
