"""A mismatch as a test of pytest: it fails until the candidate does what legacy did."""

from __future__ import annotations

import re

from legacy_seam.errors import SeamError
from legacy_seam.rollout.results import Header, Row

_TEMPLATE = '''"""A recorded call on which {candidate} departs from {target}.

Written by `legacy-seam explain --to-test {id}`.
"""

from legacy_seam.rollout.trying import check

INPUTS = {{
{inputs}}}
"""Parameter -> recorded value, in the notation of legacy-seam."""


def test_{name}_does_what_legacy_did_on_{short}() -> None:
    check({candidate!r}, INPUTS, {expected}, compare={compare!r}, imports={imports!r})
'''


def test_of(header: Header, row: Row, imports: tuple[str, ...]) -> str:
    """The source of a test.

    Args:
        header: the shadow run.
        row: one of its mismatches.
        imports: modules with classes of the recorded values.

    Raises:
        SeamError: there is nothing that the candidate should have done.
    """
    if header.candidate is None:
        raise SeamError("legacy was run beside itself: there is no candidate to be tested")
    if row.control is None:
        raise SeamError(f"it is not known what legacy did on {row.id}, so there is nothing to be tested")
    expected = f"returned={row.control.value!r}"
    if row.control.raised:
        expected = f"raised={(row.control.raised, row.control.message)!r}"
    name = re.sub(r"\W", "_", header.candidate.rpartition(":")[2])
    return _TEMPLATE.format(
        target=header.target,
        candidate=header.candidate,
        id=row.id,
        inputs="".join(f"    {name!r}: {text!r},\n" for name, text in row.inputs.items()),
        name=name,
        short=re.sub(r"\W", "_", row.id),
        expected=expected,
        compare=header.compare,
        imports=imports,
    )
