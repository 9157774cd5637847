"""The whole story of one target: how often it was recorded, whether it is pinned and why, what it asks outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from legacy_seam.report.machine import seams_data, target_data

if TYPE_CHECKING:
    from legacy_seam.calls import Call, Count
    from legacy_seam.golden.master import GoldenMaster
    from legacy_seam.report.cures import Advice
    from legacy_seam.store.ledger import Finding, Verdict
    from legacy_seam.targets import Target

_MOST_QUESTIONS = 12


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one target.

    calls:   those that were kept.
    file:    its golden master, as people name it; None where it has none.
    problem: why its golden master cannot be read.
    advice:  commands that would free it from what it reads and whom it asks.
    """

    target: Target
    count: Count | None
    calls: Sequence[Call]
    verdict: Verdict | None
    findings: Sequence[Finding]
    master: GoldenMaster | None
    file: str | None
    problem: str | None = None
    advice: Sequence[Advice] = ()


def story_data(story: Story) -> dict[str, Any]:
    """What `why --json` gives."""
    return {
        **target_data(story.target, story.count, story.verdict),
        "golden_master": story.file,
        "isolation": None if story.master is None else story.master.isolation,
        "asks": [{"asked": asked, "calls": number} for asked, number in _asked(story.calls)],
        "findings": [{"what": one.what, "why": one.why} for one in story.findings],
        "problem": story.problem,
        "seams": seams_data(story.advice),
    }


def lines_of(story: Story) -> Iterator[str]:
    """The story in plain sentences, in the order in which things happened."""
    yield str(story.target)
    yield from (f"  {line}" for line in _chapters(story))


def _chapters(story: Story) -> Iterator[str]:
    for chapter in (_recorded, _asks, _decided, _pinned, _advised):
        yield from chapter(story)


def _recorded(story: Story) -> Iterator[str]:
    count = story.count
    if count is None:
        yield "recorded: never called while a recording ran"
    else:
        yield (
            f"recorded: {count.seen:,} call{'' if count.seen == 1 else 's'} seen: {count.kept:,} kept,"
            f" {count.duplicate:,} duplicates, {count.sampled_out:,} sampled out,"
            f" {count.unserialisable:,} unserialisable, {count.failed:,} failed"
        )
        yield from (f"          {number:,} times: {reason}" for reason, number in count.why.items())
    yield from (f"not recorded: {one.what}: {one.why}" for one in story.findings)


def _asks(story: Story) -> Iterator[str]:
    asked = _asked(story.calls)
    for name, number in asked[:_MOST_QUESTIONS]:
        yield f"asks outside: {name} (in {number} of {len(story.calls)} kept calls); answered from the recording"
    if len(asked) > _MOST_QUESTIONS:
        yield f"asks outside: {len(asked) - _MOST_QUESTIONS} others"


def _asked(calls: Sequence[Call]) -> list[tuple[str, int]]:
    """Who is asked, in how many calls, the most frequent first."""
    names = Counter(name for call in calls for name in call.asks())
    return sorted(names.items(), key=lambda one: (-one[1], one[0]))


def _decided(story: Story) -> Iterator[str]:
    verdict = story.verdict
    if verdict is None:
        yield f"pinned: not yet; legacy-seam pin {story.target}"
        return
    site = f" at {verdict.site}" if verdict.site else ""
    because = f": {verdict.reason}{site}" if verdict.reason else ""
    yield f"{verdict.state}{because}"
    yield from (f"depends on {source}; the controlled world holds it still" for source in verdict.depends_on)


def _pinned(story: Story) -> Iterator[str]:
    if story.problem is not None:
        yield f"golden master: {story.problem}"
    elif story.master is not None:
        alone = "; each case in a process of its own" if story.master.isolation == "fresh" else ""
        cases = len(story.master.cases)
        yield f"golden master: {cases} case{'' if cases == 1 else 's'} in {story.file}{alone}"


def _advised(story: Story) -> Iterator[str]:
    for one in story.advice:
        read = "asks outside" if one.source == "outside" else f"reads {one.source} at {one.site}"
        yield f"to free it: it {read}; {one.technique}: {one.command}"
