"""How a process reports: filters of warnings, and the configuration of logging."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from legacy_seam.world.ambient.kind import Ambient

_Logger = tuple[logging.Logger, int, tuple[Any, ...], tuple[Any, ...], bool, bool]
_Logging = tuple[int, dict[str, _Logger]]


def _tell_filters(held: tuple[Any, ...]) -> Mapping[str, object]:
    return {f"warnings.filters[{_filter_in_words(one)!r}]": True for one in held}


def _filter_in_words(one: tuple[Any, ...]) -> str:
    action, message, category, module, line = one
    parts = (
        action,
        getattr(message, "pattern", message),
        category.__name__,
        getattr(module, "pattern", module),
        line,
    )
    return ":".join(str(part or "") for part in parts).rstrip(":")


def _put_filters_back(held: tuple[Any, ...]) -> None:
    warnings.filters[:] = held  # type: ignore[index]


def _read_logging() -> _Logging:
    return logging.root.manager.disable, {name: _read_logger(logger) for name, logger in _loggers()}


def _loggers() -> Iterator[tuple[str, logging.Logger]]:
    yield "", logging.root
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger):
            yield name, logger


def _read_logger(logger: logging.Logger) -> _Logger:
    return (
        logger,
        logger.level,
        tuple(logger.handlers),
        tuple(logger.filters),
        logger.propagate,
        logger.disabled,
    )


def _tell_logging(held: _Logging) -> Mapping[str, object]:
    told: dict[str, object] = {"logging.disable": held[0]}
    for name, (_, level, handlers, filters, propagate, disabled) in held[1].items():
        place = f"logging.getLogger({name!r})" if name else "logging.getLogger()"
        entries: dict[str, object] = {
            "level": level and logging.getLevelName(level),
            "handlers": [_handler_in_words(handler) for handler in handlers],
            "filters": [type(one).__name__ for one in filters],
            "propagates": "" if propagate else "not",
            "disabled": disabled,
        }
        told |= {f"{place}.{entry}": what for entry, what in entries.items() if what}
    return told


def _handler_in_words(handler: Any) -> str:
    file = getattr(handler, "baseFilename", "")
    return f"{type(handler).__name__} {logging.getLevelName(handler.level)} {file}".rstrip()


def _put_logging_back(held: _Logging) -> None:
    logging.disable(held[0])
    for name, logger in _loggers():
        before = held[1].get(name)
        if before is None:
            _close_all(logger.handlers)
            del logging.root.manager.loggerDict[name]
            continue
        _, level, handlers, filters, propagate, disabled = before
        _close_all([handler for handler in logger.handlers if handler not in handlers])
        logger.handlers[:], logger.filters[:] = handlers, filters
        logger.propagate, logger.disabled = propagate, disabled
        if logger.level != level:
            logger.setLevel(level)


def _close_all(handlers: list[logging.Handler]) -> None:
    for handler in list(handlers):
        handler.close()


REPORTING = (
    Ambient(
        lambda: tuple(warnings.filters),
        _tell_filters,
        _put_filters_back,
        frozenset({"simplefilter", "filterwarnings", "resetwarnings", "filters"}),
    ),
    Ambient(
        _read_logging,
        _tell_logging,
        _put_logging_back,
        frozenset(
            [
                "setLevel",
                "addHandler",
                "removeHandler",
                "addFilter",
                "removeFilter",
                "basicConfig",
                "dictConfig",
                "fileConfig",
                "disable",
                "propagate",
                "disabled",
                "handlers",
            ]
        ),
    ),
)
