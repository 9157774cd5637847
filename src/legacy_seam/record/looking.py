"""How closely a call is looked at before it begins: well enough to write it down, at a glance, or not at all.

What is known by then decides: what the function has cost so far and what is left of the budget, how large the
inputs are, and whether calls with the same ones were looked at before.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from time import perf_counter, thread_time, time  # bound now: the program may put another clock in their place
from types import FrameType
from typing import TYPE_CHECKING

from legacy_seam.record.delegation import Delegations
from legacy_seam.record.scribe import Scribe
from legacy_seam.record.sites import LARGE, Site
from legacy_seam.record.story import Story
from legacy_seam.record.taken import Taken, free_variables, numbers_among, words_among
from legacy_seam.values.standin import UNREAD
from legacy_seam.values.writing import SURELY_TOO_MANY, look_for_bulks
from legacy_seam.world.event_loop import is_in_event_loop

if TYPE_CHECKING:
    from legacy_seam.world.files import FileObserver

_BULKY = 1_000_000
"""Inputs of more characters than this are written down seldom."""


class Looking:
    """Looks at calls before they begin.

    Args:
        scribe: writes inputs down.
        running: the calls that are looked at now; there are some, or there are none.
        files: sees which files are opened.
        delegations: knows whether generators that delegate are seen through.
        settle_name: told of a function that bears the name of another one, before it is first looked at.
    """

    def __init__(
        self,
        scribe: Scribe,
        running: Sized,
        files: FileObserver | None,
        delegations: Delegations,
        settle_name: Callable[[Site], None],
    ) -> None:
        self._scribe = scribe
        self._running = running
        self._files = files
        self._delegations = delegations
        self._settle_name = settle_name

    def take(self, site: Site, values: tuple[object, ...], frame: FrameType | None) -> Taken | None:
        """A call begins; None where it needs no looking at."""
        if site.asks_outside and not site.is_retired and site.is_passed_by():
            return self._listen_only(site, values)
        if site.is_retired or site.gate:  # learnt, but its tally broke off (an interrupt came in the middle of it)
            site.sampled_out.add()
            return None
        began, began_at = thread_time(), perf_counter()
        try:
            return self._look(site, values, frame)
        finally:
            site.spend(thread_time() - began, perf_counter() - began_at)

    def _look(self, site: Site, values: tuple[object, ...], frame: FrameType | None) -> Taken | None:
        if site.has_namesakes:
            self._settle_name(site)
        taken = Taken(site, values)
        if site.definition.is_driven:
            taken.story = Story(is_blind=site.definition.delegates and not self._delegations.are_seen)
        if not site.can_afford() or (site.is_costly and not site.sampler.has_missed):
            return self._glance(taken)
        if frame is not None:
            taken.free = free_variables(site, frame)
        if self._files is not None:
            taken.standing = self._files.standing()
        taken.in_loop = not site.definition.is_asynchronous and is_in_event_loop()
        self._scribe.look_at_state(taken)
        taken.can_wait = taken.holds_nothing_that_changes()
        if not taken.can_wait and site.may_be_large:
            parts = taken.parts(SURELY_TOO_MANY)
            if parts > SURELY_TOO_MANY:
                return self._look_at_the_rest(taken)
            if not site.can_afford(parts):
                return self._glance(taken)
        if site.sampler.is_untouched and not taken.can_wait:
            size = self._scribe.write_inputs(taken)
            site.is_large, site.is_bulky = size > LARGE, size > _BULKY
        taken.key = None if site.is_bulky else taken.make_key()
        if not site.sampler.is_new(None if taken.is_told_at_its_end() else taken.key):
            site.duplicate.add()
            return self._listen_all_the_same(taken)
        self._write_down_inputs(taken)
        return taken

    def _look_at_the_rest(self, taken: Taken) -> Taken | None:
        """Its inputs are too large to be written down: what else there is beside a few large containers?"""
        site = taken.site
        if not look_for_bulks(tuple(taken.roots().values())):
            self._pass_by(taken)
            return None
        self._scribe.write_inputs(taken)
        assert taken.texts is not None
        if all(text.endswith(f"'{UNREAD}')") for text in taken.texts.values()):
            self._pass_by(taken)
            return None
        taken.key = hash(tuple(taken.texts.values()))
        site.is_large = True
        if not site.sampler.is_new(taken.key):
            site.duplicate.add()
            return self._listen_all_the_same(taken)
        self._write_down_inputs(taken)
        return taken

    def _pass_by(self, taken: Taken) -> None:
        """Its inputs are too large to be written down: that is all that is told of the call."""
        taken.site.is_large = taken.site.unserialisable.value > 0  # it happens again: find it out now and then only
        taken.site.sampler.is_new(None)
        taken.site.sampler.be_disappointed()
        taken.site.keep(f"its inputs are {UNREAD}")

    def _glance(self, taken: Taken) -> Taken | None:
        """Look only which branches a call takes and what comes of it: that costs next to nothing."""
        taken.is_glance = True
        taken.site.sampler.is_new(None)
        if not taken.site.definition.whole:
            taken.site.sampled_out.add()
            return None
        return taken

    def _listen_only(self, site: Site, values: tuple[object, ...]) -> Taken | None:
        """A learnt function that asks outside: what it is answered belongs to the calls that led to it."""
        if not self._running:
            site.sampled_out.add()
            return None
        taken = Taken(site, values)
        taken.is_glance = True
        return taken

    def _listen_all_the_same(self, taken: Taken) -> Taken | None:
        """A call that is counted by now: what it is answered outside belongs to those that led to it."""
        if not (taken.site.asks_outside and self._running):
            return None
        taken.is_glance = taken.is_counted = True
        return taken

    def _write_down_inputs(self, taken: Taken) -> None:
        """Take what may be gone when the call has ended."""
        site = taken.site
        taken.numbers = numbers_among(site.definition.parameters, taken.values)
        taken.words = words_among(site.definition.parameters, taken.values)
        taken.instant = time()
        if not site.definition.whole:
            return
        if taken.texts is None and not taken.can_wait and site.sampler.is_promising(taken.numbers, taken.words):
            self._scribe.write_inputs(taken)
