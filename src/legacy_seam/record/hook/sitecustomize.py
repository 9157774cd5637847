"""What Python runs at its start where this directory is on PYTHONPATH: see `legacy_seam.record.startup`.

Whatever `sitecustomize` would have been run without us is run afterwards, under its own name, and the directory of
this file goes from `sys.path`.
"""

import os
import sys


def _begin() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != here]
    if not os.environ.get("LEGACY_SEAM_RECORD"):
        return
    sys.path.insert(0, here.rpartition("/legacy_seam/")[0])
    try:
        from legacy_seam.record import startup
    finally:
        del sys.path[0]
    startup.begin(here)


try:
    _begin()
except Exception as error:  # whatever is wrong, the program is not to suffer
    print(f"legacy-seam: this program is not recorded ({type(error).__name__}: {error}).", file=sys.stderr)
del sys.modules["sitecustomize"]
import sitecustomize  # type: ignore[import-not-found]  # noqa: E402, F401 (the next one; where there is none, `site` expects to be told so)
