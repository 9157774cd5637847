"""An effect sketch as SVG: callers on the left, effects on the right, danger in red."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from legacy_seam.report.layers import arrange
from legacy_seam.survey.catalogue import Kind
from legacy_seam.survey.sketch import Arrow, Sketch
from legacy_seam.survey.survey import Surveyed

_CHARACTER: Final = 7.3
_SMALL: Final = 5.9
_HEIGHT: Final = 42
_GAP: Final = 16
_BETWEEN: Final = 96
_MARGIN: Final = 28
_TITLE: Final = 62
_LONGEST: Final = 40

_FILLS: Final = {"high": ("#fbd9d3", "#b3261e"), "medium": ("#fdeec8", "#9a6700"), "low": ("#eaeff5", "#6b7a90")}
_COLOURS: Final[dict[Kind, str]] = {
    "databases": "#8250df",
    "network": "#0969da",
    "processes": "#a40e26",
    "files": "#1a7f37",
    "globals": "#bf3989",
    "dynamic code": "#6e4a1f",
    "threads": "#c4432b",
    "clock": "#bc4c00",
    "randomness": "#b08800",
    "environment": "#1b7c83",
    "input": "#57606a",
    "output": "#57606a",
    "logging": "#8c959f",
}
_CALL: Final = "#30363d"
_INK: Final = "#1f2328"
_FAINT: Final = "#59636e"
_FONT: Final = "font-family='DejaVu Sans, Verdana, sans-serif'"


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.y + _HEIGHT / 2


def svg(sketch: Sketch, title: str) -> str:
    """The picture.

    Args:
        sketch: what is drawn.
        title: what it is a picture of.
    """
    columns = arrange(sketch.functions, [(one.start, one.end) for one in sketch.calls])
    ends = {kind: [one.start for one in sketch.touches if one.end == kind] for kind in sketch.effects}
    boxes = _placed(columns, sketch, ends)
    width = max((box.x + box.width for box in boxes.values()), default=400) + _MARGIN
    height = max((box.y for box in boxes.values()), default=_TITLE) + _HEIGHT + _MARGIN + 44
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:.0f}' height='{height:.0f}'"
        f" viewBox='0 0 {width:.0f} {height:.0f}' {_FONT}>",
        f"<title>{escape(title)}</title>",
        "<rect width='100%' height='100%' fill='#ffffff'/>",
        _text(_MARGIN, 32, title, size=17, weight="bold"),
        *_arrows(sketch, boxes),
        *(_function(one, boxes[path], path in sketch.pinches) for path, one in sketch.functions.items()),
        *(_effect(kind, boxes[kind]) for kind in sketch.effects),
        *_legend(height - 26, sketch.left_out),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(
    columns: Sequence[Sequence[str]], sketch: Sketch, ends: Mapping[Kind, Sequence[str]]
) -> dict[str, _Box]:
    tallest = max([*map(len, columns), len(sketch.effects)], default=0) * (_HEIGHT + _GAP)
    boxes: dict[str, _Box] = {}
    x = float(_MARGIN)
    for column in columns:
        wide = max(_width(sketch.functions[path]) for path in column)
        _stack(boxes, column, x, wide, tallest)
        x += wide + _BETWEEN
    rows = {kind: sum(boxes[start].y for start in ends[kind]) / max(len(ends[kind]), 1) for kind in sketch.effects}
    effects = sorted(sketch.effects, key=lambda kind: rows[kind])
    _stack(boxes, effects, x, max((len(kind) * _CHARACTER + 34 for kind in effects), default=0), tallest)
    return boxes


def _stack(boxes: dict[str, _Box], names: Sequence[str], x: float, width: float, tallest: float) -> None:
    y = _TITLE + (tallest - len(names) * (_HEIGHT + _GAP)) / 2
    for name in names:
        boxes[name] = _Box(x, y, width)
        y += _HEIGHT + _GAP


def _width(one: Surveyed) -> float:
    return max(len(_short(one.function.qualname)) * _CHARACTER, len(_below(one)) * _SMALL) + 22


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"…{name[1 - _LONGEST :]}"


def _below(one: Surveyed) -> str:
    return f"{_short(one.function.module)} · risk {one.score} · {one.function.lines} lines"


def _function(one: Surveyed, box: _Box, is_pinch: bool) -> str:
    fill, line = _FILLS[one.level]
    return (
        f"<g><title>{escape(f'{one.target}: {one.why}')}</title>"
        f"<rect x='{box.x:.1f}' y='{box.y:.1f}' width='{box.width:.1f}' height='{_HEIGHT}' rx='5' fill='{fill}'"
        f" stroke='{line}' stroke-width='{3.5 if is_pinch else 1.2}'/>"
        f"{_text(box.x + 11, box.y + 18, _short(one.function.qualname), size=12.5, weight='bold')}"
        f"{_text(box.x + 11, box.y + 33, _below(one), size=10, fill=_FAINT)}</g>"
    )


def _effect(kind: Kind, box: _Box) -> str:
    colour = _COLOURS[kind]
    return (
        f"<rect x='{box.x:.1f}' y='{box.y + 5:.1f}' width='{box.width:.1f}' height='{_HEIGHT - 10}'"
        f" rx='{(_HEIGHT - 10) / 2}' fill='{colour}' fill-opacity='0.12' stroke='{colour}' stroke-width='1.4'/>"
        f"{_text(box.x + 17, box.middle + 4.5, kind, size=12.5)}"
    )


def _arrows(sketch: Sketch, boxes: Mapping[str, _Box]) -> Iterator[str]:
    for touch in sketch.touches:
        yield _arrow(touch, boxes[touch.start], boxes[touch.end], _COLOURS[touch.end])  # type: ignore[index]
    for call in sketch.calls:
        yield _arrow(call, boxes[call.start], boxes[call.end], _CALL)


def _arrow(arrow: Arrow, start: _Box, end: _Box, colour: str) -> str:
    x1, y1, x2, y2 = start.x + start.width, start.middle, end.x, end.middle
    bend = max((x2 - x1) * 0.45, 40) if x2 > x1 else 70
    dashes = "" if arrow.is_direct else " stroke-dasharray='5 4'"
    thick = 2.4 if arrow.writes else 1.1
    return (
        f"<path d='M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2 - 6:.1f} {y2:.1f}'"
        f" fill='none' stroke='{colour}' stroke-width='{thick}' stroke-opacity='0.6'{dashes}/>"
        f"<path d='M{x2 - 7:.1f} {y2 - 4:.1f}l7 4l-7 4z' fill='{colour}' fill-opacity='0.8'/>"
    )


def _legend(y: float, left_out: int) -> Iterator[str]:
    x = float(_MARGIN)
    for level, (fill, line) in _FILLS.items():
        yield f"<rect x='{x}' y='{y - 10}' width='14' height='12' rx='3' fill='{fill}' stroke='{line}'/>"
        yield _text(x + 19, y, f"{level} risk", size=10.5, fill=_FAINT)
        x += 102
    words = (
        "thick border: pinch point · coloured arrow: effect, thick where it changes something"
        " · dashed: through functions not drawn"
    )
    if left_out:
        words += f" · {left_out:,} more not drawn"
    yield _text(x, y, words, size=10.5, fill=_FAINT)


def _text(x: float, y: float, words: str, *, size: float, weight: str = "normal", fill: str = _INK) -> str:
    place = f"x='{x:.1f}' y='{y:.1f}'"
    return f"<text {place} font-size='{size}' font-weight='{weight}' fill='{fill}'>{escape(words)}</text>"
