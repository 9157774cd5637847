"""What became of a generator between its beginning and its end: what it yielded, and how it was driven.

All is written down when it happens: an item may be another one when the generator comes to its end, and nothing of
the program is kept alive for our sake.
"""

from __future__ import annotations

from legacy_seam.calls import Step

MOST_ITEMS = 1000
"""So many items are taken in a replay, too (`legacy_seam.replay.batch.Limits`)."""
_MOST_STEPS = 200
_MOST_CHARACTERS = 200_000


class Story:
    """The story of one generator.

    items:     the texts of what it yielded.
    has_more:  so many are kept that there may be more.
    is_lost:   what it yielded is not known.
    is_blind:  neither that nor how it was driven is known: it delegates to others, and that cannot be seen here.
    is_cut:    there were more steps than are kept: the story ends here, in the middle.
    waiting:   at which sort of `yield` it stands: one of its own, one of a generator that it delegates to, or none.

    >>> story = Story()
    >>> story.yields("1"); story.goes_on(); story.yields("2"); story.closes()
    >>> story.items, [(step.kind, step.times) for step in story.steps]
    (['1', '2'], [('next', 2), ('close', 1)])
    """

    __slots__ = ("_characters", "_nexts", "_steps", "has_more", "is_blind", "is_cut", "is_lost", "items", "waiting")

    def __init__(self, *, is_blind: bool = False) -> None:
        self.items: list[str] = []
        self.has_more = False
        self.is_lost = self.is_blind = is_blind
        self.is_cut = False
        self.waiting: str | None = None
        self._steps: list[Step] = []
        self._nexts = 1
        self._characters = 0

    @property
    def is_full(self) -> bool:
        """Would another item not be kept?"""
        return self.is_lost or self.is_cut or len(self.items) >= MOST_ITEMS

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the caller did, from the first `next`."""
        return (*self._steps, *self._last())

    @property
    def is_closed(self) -> bool:
        """Was it closed, as the last thing that happened to it?"""
        return bool(self._steps) and self._steps[-1].kind == "close" and not self._nexts

    @property
    def is_plain(self) -> bool:
        """Was nothing done but to ask for the next item?"""
        return not self._steps

    def yields(self, text: str | None, waiting: str = "own") -> None:
        """It yields.

        Args:
            text: the item; None where it is not to be kept.
            waiting: at which sort of `yield` it stands from now on.
        """
        self.waiting = waiting
        if self.is_cut or self.is_lost:
            return
        if text is None:
            self.has_more = True
            return
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            self.is_lost = True
            self.items.clear()
        else:
            self.items.append(text)
            self.has_more = len(self.items) >= MOST_ITEMS

    def lose_items(self) -> None:
        """What it yields cannot be told."""
        self.is_lost = True
        self.items.clear()

    def goes_on(self) -> None:
        """It was asked for the next item."""
        self.waiting = None
        if not self.is_cut:
            self._nexts += 1

    def is_sent(self, text: str) -> None:
        """A value was sent in."""
        self._add(Step("send", text))

    def is_thrown(self, text: str) -> None:
        """An exception was thrown in."""
        self._add(Step("throw", text))

    def closes(self) -> None:
        """It was closed, by its caller or because nobody holds it any more."""
        self._add(Step("close"))

    def _add(self, step: Step) -> None:
        self.waiting = None
        if self.is_cut:
            return
        if len(self._steps) + 2 > _MOST_STEPS or self._characters + len(step.text) > _MOST_CHARACTERS:
            self.is_cut = True
            return
        self._characters += len(step.text)
        self._steps += [*self._last(), step]
        self._nexts = 0

    def _last(self) -> list[Step]:
        return [Step("next", times=self._nexts)] if self._nexts else []
