"""An effect sketch as a Mermaid flow chart, for places that draw Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from legacy_seam.survey.sketch import Sketch
from legacy_seam.survey.survey import Surveyed

_CLASSES = (
    "classDef high fill:#f8d0c8,stroke:#b3261e,color:#1d1b20",
    "classDef medium fill:#fbe8bd,stroke:#9a6700,color:#1d1b20",
    "classDef low fill:#e6ebf2,stroke:#6b7a90,color:#1d1b20",
    "classDef effect fill:#d7efe2,stroke:#1a7f4b,color:#1d1b20",
    "classDef pinch stroke-width:4px",
)


def mermaid(sketch: Sketch) -> str:
    """The text of the chart."""
    return "\n".join(_lines(sketch)) + "\n"


def _lines(sketch: Sketch) -> Iterator[str]:
    yield "flowchart LR"
    numbers = {path: f"f{number}" for number, path in enumerate(sketch.functions)}
    effects = {kind: f"e{number}" for number, kind in enumerate(sketch.effects)}
    for path, one in sketch.functions.items():
        yield f'  {numbers[path]}["{_label(one)}"]:::{one.level}'
    for kind, name in effects.items():
        yield f'  {name}(["{kind}"]):::effect'
    for arrow in sketch.calls:
        yield f"  {numbers[arrow.start]} {'-->' if arrow.is_direct else '-.->'} {numbers[arrow.end]}"
    for touch in sketch.touches:
        line = ("==>" if touch.writes else "-->") if touch.is_direct else "-.->"
        yield f"  {numbers[touch.start]} {line} {effects[touch.end]}"  # type: ignore[index]
    points = [numbers[path] for path in sketch.functions if path in sketch.pinches]
    if points:
        yield f"  class {','.join(points)} pinch"
    yield from (f"  {one}" for one in _CLASSES)


def _label(one: Surveyed) -> str:
    """What stands in a box; `<module>` would be taken for a tag."""
    name = str(one.target).replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return f"{name}<br/>risk {one.score}"
