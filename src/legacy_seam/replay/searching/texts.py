"""New texts, made of recorded ones: letters, words and numbers in them, and pieces that are written down elsewhere.

To most programs a text is a row of words, numbers and marks, or a list of such. So it is changed by these as well
as by letters: a number in it is moved as a number is, a word gives way to another one, or to what a regular
expression of the program matches.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TypeVar

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.searching.ideas import Ideas

_One = TypeVar("_One")
LONGEST = 300
_SEPARATORS = " ,;:/-._|\n\t"
_MARKS = " \t\n-+.,:;/_#'\"()[]%0123456789aZé"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_LETTERS = 0x110000
_WORD = re.compile(r"\d+|[^\W\d_]+|\s+|[^\w\s]|_")
_MOST_DIGITS = 18
_WAYS = 18
_WITHIN = 0.5
"""How often what a regular expression matches is put into a text, and not in its place."""


@dataclass(slots=True)
class Texts:
    """Makes new ones.

    Args:
        ideas: what may be put into them.
        chance: all that is left to chance comes from here.
    """

    ideas: Ideas
    chance: random.Random

    def other(self, text: str) -> str:
        """A text that is like one, or that is written down somewhere.

        Args:
            text: the one.
        """
        return self._other(text)[:LONGEST]

    def length(self, most: int) -> int | None:
        """A length that is written down somewhere; None where none is.

        Args:
            most: that it may be.
        """
        numbers = self.ideas.literals.numbers if self.chance.random() < 0.7 else self.ideas.around.numbers
        lengths = [one for one in numbers if type(one) is int and 0 <= one <= most]
        return self._one_of(lengths) if lengths else None

    def _one_of(self, some: Sequence[_One]) -> _One:
        return some[int(self.chance.random() * len(some))]

    def _other(self, text: str) -> str:
        chance, ideas = self.chance, self.ideas
        way = chance.randrange(_WAYS)
        if way >= 14 and text:
            return self._reworded(text)
        if way == 13 and (marks := [one for one in _SEPARATORS if one in text]):
            return self._parted(text, self._one_of(marks))
        if way == 12 and ideas.held.texts:
            return self._joined(text, self._one_of(ideas.held.texts))
        if way == 10:
            return self._sized(text)
        if way == 11 and (numbers := ideas.literals.numbers or ideas.around.numbers):
            return self._joined(text, self._said(self._one_of(numbers)))
        if way < 3 and ideas.matching:
            found = self._one_of(self._one_of(ideas.matching))
            if chance.random() < _WITHIN:
                return self._joined(text, found)
            return found if way else self._edited(found)
        if way < 6:
            pool = ideas.literals.texts if way == 3 or not ideas.around.texts else ideas.around.texts
            if pool:
                return self._joined(text, self._one_of(pool))
        return self._edited(text)

    def _parted(self, text: str, mark: str) -> str:
        """A text that is a list to whoever reads it, with one more, one less or another item."""
        items = text.split(mark)
        at = int(self.chance.random() * len(items))
        match self.chance.randrange(7):
            case 0:
                items.insert(at, items[at])
            case 1:
                del items[at]
            case 2:
                items.insert(at, self._piece(text))
            case 3:
                items[at] = self._piece(text)
            case 4:
                items[at] = self._one_of(items)
            case 5:
                items[at] = self._reworded(items[at])
            case _:
                items[at] = self._edited(items[at])
        return mark.join(items)

    def _reworded(self, text: str) -> str:
        """A text with a word, a number or a mark more, less, elsewhere, or another."""
        words = _WORD.findall(text)
        if not words:
            return self._piece(text)
        at = int(self.chance.random() * len(words))
        numbers = [place for place, word in enumerate(words) if word.isdigit() and word.isascii()]
        match self.chance.randrange(8):
            case 0 | 1 | 2 if numbers:
                place = self._one_of(numbers)
                words[place] = self._renumbered(words[place])
            case 3:
                words.insert(at, self._piece(text))
            case 4:
                del words[at]
            case 5:
                other = int(self.chance.random() * len(words))
                words[at], words[other] = words[other], words[at]
            case 6:
                words[at:at] = words[max(0, at - 1) : at + 1]
            case _:
                words[at] = self._piece(text)
        return "".join(words)

    def _renumbered(self, digits: str) -> str:
        """Another number, beside this one or written down, or the same written otherwise."""
        number = int(digits[:_MOST_DIGITS])
        match self.chance.randrange(7):
            case 0:
                return str(number + 1)
            case 1:
                return str(max(0, number - 1))
            case 2 if whole := [one for one in self._numbers() if type(one) is int]:
                return str(abs(self._one_of(whole)))
            case 3:
                return "0" + digits if self.chance.random() < 0.5 else (digits.lstrip("0") or "0")
            case 4:
                return digits + self._one_of("0123456789")
            case 5:
                return digits[:-1] or "0"
            case 6 if self.chance.random() < 0.5:
                return f"{digits}{self._one_of('..,')}{self.chance.randrange(10)}"
        return str(self.chance.randrange(100))

    def _numbers(self) -> Sequence[int | float]:
        literals, around = self.ideas.literals.numbers, self.ideas.around.numbers
        return around if not literals or (around and self.chance.random() < 0.3) else literals

    def _piece(self, text: str) -> str:
        """What may stand in a text: written in the source, held in a table, matched, a number, or of its own."""
        ideas, way = self.ideas, self.chance.random()
        if way < 0.25 and (texts := ideas.literals.texts or ideas.around.texts):
            return self._one_of(texts)
        if way < 0.45 and ideas.held.texts:
            return self._one_of(ideas.held.texts)
        if way < 0.65 and ideas.matching:
            return self._one_of(self._one_of(ideas.matching))
        if way < 0.75 and (numbers := self._numbers()):
            return str(self._one_of(numbers))
        if way < 0.85 and ideas.around.texts:
            return self._one_of(ideas.around.texts)
        own: list[str] = _WORD.findall(text)
        return self._one_of(own or _MARKS)

    def _joined(self, text: str, piece: str) -> str:
        """A piece in the place of a text, before it, behind it, or within."""
        way, at = self.chance.randrange(6), self.chance.randint(0, len(text))
        if way < 3:
            return piece
        if way == 3:
            return piece + text
        return text + piece if way == 4 else text[:at] + piece + text[at:]

    def _said(self, number: int | float) -> str:
        """A number as a text, or now and then the letter of that number."""
        is_letter = type(number) is int and 0 <= number < _MOST_LETTERS and self.chance.random() < 0.2
        return chr(int(number)) if is_letter and not 0xD800 <= number < 0xE000 else str(number)

    def _sized(self, text: str) -> str:
        """A text of a length that is written down somewhere: bounds of lengths are checked, too."""
        length = self.length(LONGEST)
        if length is None:
            return text + text
        if length <= len(text):
            return text[:length]
        more = text or self._one_of(_LETTERS)
        return (text + more * length)[:length] if self.chance.random() < 0.5 else text.ljust(length, more[-1])

    def _edited(self, text: str) -> str:
        chance = self.chance
        at = chance.randint(0, len(text))
        upto = min(len(text), at + self._one_of((1, 1, 1, 2, 4)))
        letter = self._letter(text)
        match chance.randrange(9):
            case 0:
                return text[:at] + letter + text[at:]
            case 1:
                return text[:at] + text[upto:]
            case 2:
                return text[:at] + letter + text[upto:]
            case 3:
                return text[:at] + text[at:upto] * 2 + text[upto:]
            case 4:
                return self._one_of((text.upper(), text.lower(), text.swapcase(), text.title()))
            case 5:
                return self._one_of(("", text.strip(), f" {text} ", text + text, text[::-1]))
            case 6:
                return text[:at] if chance.random() < 0.5 else text[at:]
            case 7:
                digits = [place for place, one in enumerate(text) if one in "0123456789"]
                if digits:
                    place = self._one_of(digits)
                    return text[:place] + self._one_of("0123456789") + text[place + 1 :]
                return text + self._one_of("0123456789")
        return text[:at] + self._one_of(("0", "1", "9", "a", "Z", "é", "\n", ".")) + text[upto:]

    def _letter(self, text: str) -> str:
        """A letter: of the text itself or a mark, any, or one of a text that is written down or held somewhere."""
        way = self.chance.random()
        if way < 0.65:
            return self._one_of(text + _MARKS)
        ideas = self.ideas
        some = ideas.literals.texts or ideas.around.texts if way < 0.75 else ideas.held.texts
        found = self._one_of(some) if some and way < 0.85 else ""
        return self._one_of(found or _LETTERS)
