"""Writes calls down: what went in, what came out, what changed on the way, as texts.

Runs inside the recorded program, in the middle of its calls, and never runs code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from legacy_seam.calls import Call, Effect, Outcome
from legacy_seam.plaindata import replace
from legacy_seam.record.counting import Journal
from legacy_seam.record.gaps import gap_in
from legacy_seam.record.hearing import without_items
from legacy_seam.record.taken import Taken, cannot_change, identity_of, is_unchanging
from legacy_seam.store.pieces import LIMIT, cut
from legacy_seam.store.wire import call_to_data
from legacy_seam.targets import Target, resolve
from legacy_seam.values import changes, encode, encode_roots
from legacy_seam.values.extent import parts_within
from legacy_seam.values.held import Held
from legacy_seam.values.listing import listed

if TYPE_CHECKING:
    from types import FunctionType, ModuleType

    from legacy_seam.record.sites import Site
    from legacy_seam.record.story import Story
    from legacy_seam.world.files import FileObserver
    from legacy_seam.world.state import Places

_COMPARED = 200_000
"""Inputs of more characters than this are not compared with what the call made of them."""
_MOST_GIVEN = 100
"""What can be got at is remembered for so many combinations of functions that one function is given."""
_COMPARED_PARTS = 50_000
"""Nor are those that have more parts than this after the call."""


class Scribe:
    """Writes calls down.

    Args:
        journal: where they go.
        run: identifier of the `Run` they belong to.
        places: state of modules and classes, as it was after import.
        module_of: gives the live module behind the module name of a target.
        put: stores a piece of a large text and gives its digest.
        covered: gives a call without its secrets.
        files: keeps what inputs hold on to; None where there is nowhere to keep it.
    """

    def __init__(
        self,
        journal: Journal,
        run: str,
        places: Places,
        module_of: Callable[[str], ModuleType | None],
        put: Callable[[bytes], str] | None,
        covered: Callable[[Call], Call],
        files: FileObserver | None = None,
    ) -> None:
        self._journal = journal
        self._run = run
        self._places = places
        self._module_of = module_of
        self._put = put
        self._covered = covered
        self._files = files
        self._baseline_texts: dict[str, str] = {}

    # --- before the call -----------------------------------------------------------------------------------------

    def write_inputs(self, taken: Taken) -> int:
        """Write the inputs as they are now; gives the number of characters."""
        taken.texts = self._written(taken, taken.roots())
        taken.site.takes_generators |= not taken.given.is_empty
        return _size(taken.texts)

    def _written(self, taken: Taken, roots: Mapping[str, object]) -> dict[str, str]:
        """Inputs as texts. The first time, the contents of open files and databases among them are kept."""
        seen = taken.given.seen
        if self._files is None:
            return encode_roots(roots, seen=seen)
        if taken.held is None:
            taken.held = Held(self._files.keep)
        with self._files.looking_away(), taken.held:
            return encode_roots(roots, seen=seen)

    def look_at_state(self, taken: Taken) -> None:
        """Find the state that the call can reach and that is another than after the import."""
        reached = self._places_reached(taken)
        if reached:
            taken.departed = self._places.changed_from_baseline(reached)
            if taken.site.definition.whole:
                self._write_down_baselines(taken, reached)

    def live_function(self, site: Site, target: Target) -> FunctionType | None:
        """What stands under the name of a target now."""
        module = self._module_of(target.module)
        found = None if module is None else resolve(target, module)
        return None if found is None else found.function

    def _places_reached(self, taken: Taken) -> tuple[str, ...]:
        """What the function can get at, and the functions that it is given (a decorator's is a free variable)."""
        site, generation = taken.site, self._places.generation
        if site.reached_at != generation or len(site.reached) > _MOST_GIVEN:
            site.reached_at = generation
            site.reached.clear()
        given = taken.codes_given()
        key = tuple(map(id, given))
        known = site.reached.get(key)
        if known is None:
            codes = given if site.code is None else (site.code, *given)
            known = site.reached[key] = given, self._places.reachable(codes)
        return known[1]

    def _write_down_baselines(self, taken: Taken, reached: tuple[str, ...]) -> None:
        """While places that can change hold what they held after the import, keep their texts for comparison."""
        for name in reached:
            if name not in self._baseline_texts and name not in taken.departed:
                value = self._places.at_baseline(name)
                self._baseline_texts[name] = "" if is_unchanging(value) else encode(value)

    # --- after the call ------------------------------------------------------------------------------------------

    def keep(self, taken: Taken, *, ended: bool = True) -> str | None:
        """Write a call to the journal; gives what of its inputs could not be written down, None where all was.

        Args:
            taken: the call.
            ended: it came to its end. Otherwise what came of it was not seen.

        Raises:
            OSError: where it cannot be written.
        """
        site = taken.site
        if taken.texts is None:
            taken.texts = self._written(taken, taken.roots())
        texts, defaulted = taken.texts, self._defaulted(taken)
        arguments = {name: texts[name] for name in site.definition.parameters if name not in defaulted}
        closure = {name: texts[name] for name in taken.free}
        state = {name: texts[name] for name in taken.departed} | taken.later
        is_seen = ended and site.definition.whole and not taken.is_unseen
        call = Call(
            target=site.target,
            identity="",
            arguments=arguments,
            closure=closure,
            state=state,
            instant=taken.instant,
            files=taken.all_files(),
            observed=self._observed(taken, texts) if is_seen else None,
            run=self._run,
            defaulted=defaulted,
            driven=taken.steps(ended=ended),
            answers=() if taken.transcript is None else taken.transcript.answers(),
            in_loop=taken.in_loop,
        )
        call = self._covered(call)
        self._journal.append("call", call_to_data(self._in_pieces(replace(call, identity=_identity(call, taken)))))
        if taken.transcript is not None and not taken.transcript.is_whole:
            return "not all that it was answered from outside could be written down"
        return gap_in({**texts, **taken.later})

    def _in_pieces(self, call: Call) -> Call:
        """A call with the pieces of its large texts in the blobs, where each is kept once."""
        put = self._put
        if put is None or sum(map(len, call.texts())) <= LIMIT:
            return call

        def pieces(texts: Mapping[str, str]) -> Mapping[str, str]:
            return {name: cut(text, put) for name, text in texts.items()} if _size(texts) > LIMIT else texts

        return replace(
            call,
            arguments=pieces(call.arguments),
            closure=pieces(call.closure),
            state=pieces(call.state),
            answers=tuple(replace(answer, text=cut(answer.text, put)) for answer in call.answers),
        )

    def _defaulted(self, taken: Taken) -> tuple[str, ...]:
        """The parameters that hold their own default, where that cannot change."""
        function = self._function(taken.site)
        if function is None:
            return ()
        code, defaults = function.__code__, function.__defaults__ or ()
        positional = code.co_varnames[: code.co_argcount]
        held = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=False))
        held |= function.__kwdefaults__ or {}
        given = zip(taken.site.definition.parameters, taken.values, strict=True)
        return tuple(name for name, value in given if name in held and held[name] is value and cannot_change(value))

    def _function(self, site: Site) -> FunctionType | None:
        """The live function of a site, where it can be reached by its name."""
        if site.function is None and ".<locals>." not in site.target.qualname:
            function = self.live_function(site, site.target)
            if function is not None and function.__code__ is site.code:
                site.function = function
        return site.function

    def _observed(self, taken: Taken, before: Mapping[str, str]) -> Outcome | None:
        ending = _ending(taken)
        if ending is None:
            return None
        changed = self._changed(taken, taken.roots(), before)
        return None if changed is None else Outcome((*ending, *changed))

    def _changed(self, taken: Taken, roots: dict[str, object], before: Mapping[str, str]) -> list[Effect] | None:
        """What the call changed of its arguments and of the state it can reach; None where that is too much."""
        if _size(before) > _COMPARED:
            return None
        departed = self._places.changed_from_baseline(self._places_reached(taken))
        if not departed and taken.can_wait:
            return []
        roots_after = roots | departed
        if taken.site.may_be_large and _are_too_many(roots_after):
            return None
        same_places = departed.keys() == taken.departed.keys()
        if same_places and taken.key is not None and taken.make_key(departed) == taken.key:
            return []
        after = self._written(taken, roots_after)
        if _size(after) > _COMPARED:
            return None
        effects: list[Effect] = []
        for name, text in after.items():
            if name in departed and _is_among(departed[name], roots, departed):
                continue  # it is told as that input
            then = before[name] if name in before else self._baseline_text(name)
            if then is not None and then.startswith("outside("):  # what becomes of it is in what it was asked
                continue
            text, then = without_items(text), then and without_items(then)
            if then is None:
                effects.append(Effect("changed", name, text))
            elif text != then:
                effects += [Effect("changed", one.path, one.got) for one in changes(then, text, root=name)]
        return effects

    def _baseline_text(self, place: str) -> str | None:
        """What a place held right after the import; None where nobody wrote that down while it was so."""
        value = self._places.at_baseline(place)
        return encode(value) if is_unchanging(value) else self._baseline_texts.get(place)


def _identity(call: Call, taken: Taken) -> str:
    held = {} if taken.held is None else taken.held.contents
    where = {state.path: str(state.link) for state in taken.standing[:1]}
    if taken.later:
        held = {**held, **{state.path: str(state.digest) for state in taken.files}}
    return identity_of(call, held, where)


def _ending(taken: Taken) -> list[Effect] | None:
    """How a call ended; None where that is not known."""
    names, story = taken.names(), taken.story
    if story is None:
        if _was_cut_short(taken):
            return None
        if taken.raised is not None:
            return [Effect("raised", "", encode(taken.raised, names=names))]
        return [Effect("returned", "", encode(taken.returned, names=names))]
    if story.is_lost or story.is_cut:
        return None
    effects: list[Effect] = []
    if taken.returned is not None and taken.raised is None and not story.is_closed:
        effects.append(Effect("returned", "", encode(taken.returned, names=names)))
    effects.append(Effect("yielded", "", listed(story.items, has_more=story.has_more)))
    raised = _raised_by_a_generator(taken, story)
    if raised is not None:
        effects.append(Effect("raised", "", encode(raised, names=names)))
    return effects


def _was_cut_short(taken: Taken) -> bool:
    """Was a coroutine closed or cancelled from outside?"""
    if taken.raised is None or taken.site.definition.kind != "coroutine":
        return False
    asyncio = sys.modules.get("asyncio.exceptions")
    kind = type(taken.raised)
    return kind is GeneratorExit or (asyncio is not None and kind is vars(asyncio).get("CancelledError"))


def _raised_by_a_generator(taken: Taken, story: Story) -> BaseException | None:
    """The exception that whoever drives a generator sees, when it is left by the one that was noted."""
    raised = taken.raised
    if raised is None or (story.is_closed and type(raised) is GeneratorExit):
        return None
    what = "async generator" if taken.site.definition.kind == "stream" else "generator"
    if isinstance(raised, StopIteration) or (what == "async generator" and isinstance(raised, StopAsyncIteration)):
        kind = "StopIteration" if isinstance(raised, StopIteration) else "StopAsyncIteration"
        seen = RuntimeError(f"{what} raised {kind}")
        seen.__cause__ = seen.__context__ = raised
        return seen
    return raised


def _is_among(value: object, roots: Mapping[str, object], departed: Mapping[str, object]) -> bool:
    """Is what a place holds the very object of an argument, too? (A mutable default is.)"""
    if is_unchanging(value):
        return False
    return any(value is root for name, root in roots.items() if name not in departed)


def _are_too_many(roots: Mapping[str, object]) -> bool:
    return parts_within(tuple(roots.values()), _COMPARED_PARTS) > _COMPARED_PARTS


def _size(texts: Mapping[str, str]) -> int:
    return sum(map(len, texts.values()))
