"""What stands in for a secret: a text of the same length and make-up, the same one for the same secret.

Programs compare secrets, use them as keys, cut them and measure them. So letters stay letters of their case, digits
stay digits, separators stay where they are; equal secrets get equal pseudonyms, different ones different. Who has
not got the key cannot go back.

A pseudonym *certifies itself*: some of its characters are a checksum of the others, which needs no key. So it is
known for what it is wherever it is met again, is not replaced once more, and nobody takes it for a secret.

>>> pseudonyms = Pseudonyms(b"a key")
>>> made = pseudonyms.of("Tr0ub4dor&3-horse")
>>> len(made) == len("Tr0ub4dor&3-horse"), made[9], made[11]
(True, '&', '-')
>>> is_pseudonym(made), is_pseudonym("Tr0ub4dor&3-horse")
(True, False)
"""

from __future__ import annotations

from _blake2 import blake2b
from collections.abc import Sequence
from math import isqrt
from typing import TypeAlias

from legacy_seam.redaction.numbers import card_check_digit, iban_check_digits, is_card, is_iban

Alphabet: TypeAlias = Sequence[str]

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKS = "!#%*+?^~"
_TWO_BYTES = "".join(map(chr, range(0xE0, 0xF7)))
_THREE_BYTES = "".join(map(chr, range(0x4E00, 0x4E00 + 512)))
_FOUR_BYTES = "".join(map(chr, range(0x20000, 0x20000 + 512)))
"""What stands for characters that are not ASCII: as many bytes in UTF-8; one where characters are bytes."""

_FEWEST = 500
"""A text passes for a pseudonym by chance once in more than so many times; what is too short for that is blank."""
_ENOUGH = 10**8
_FEW_LETTERS = 3
_ALPHABETIC = (_LOWER, _UPPER)
_HEXADECIMAL = ("abcdef", "ABCDEF")
_LOOKS_HEXADECIMAL = frozenset("0123456789abcdef-: ")
_SHORTEST_HEXADECIMAL = 8
_FORE_DIGITS = 4
_RESERVED_DOMAIN = ".invalid"
_SHORT_RESERVED_DOMAIN = ".zz"
_SHORTEST_DOMAIN = len("x" + _RESERVED_DOMAIN)


class Pseudonyms:
    """Makes pseudonyms with one key.

    Args:
        key: whoever has it can try out which secret stands behind a pseudonym, so it stays with the recordings.
    """

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key, digest_size=32).digest()

    def of(self, secret: str) -> str:
        """The pseudonym of any text. A pseudonym is given back as it is."""
        if is_pseudonym(secret):
            return secret
        if is_card(secret):
            return self._card(secret)
        if is_iban(secret):
            return self._iban(secret)
        alphabets = _alphabets(secret)
        return _sealed(self._drawn(secret, alphabets), alphabets)

    def of_email(self, address: str) -> str:
        """The pseudonym of an e-mail address: at a domain that nobody can own, the same one for the same domain."""
        local, _, domain = address.rpartition("@")
        if is_reserved(domain):
            return address
        ending = _RESERVED_DOMAIN if len(domain) >= _SHORTEST_DOMAIN else _SHORT_RESERVED_DOMAIN
        host: list[Alphabet] = [_LOWER] * (len(domain) - len(ending))
        return f"{self._drawn(address, _alphabets(local))}@{self._drawn(domain.lower(), host)}{ending}"

    def _card(self, number: str) -> str:
        """A number of the same issuer, with a valid check digit."""
        digits = [character for character in number if character.isdigit()]
        fore, rest = "".join(digits[:_FORE_DIGITS]), len(digits) - _FORE_DIGITS - 1
        drawn = self._drawn("".join(digits), [_DIGITS] * rest)
        return _into(number, _closed_card(fore + drawn))

    def _iban(self, number: str) -> str:
        """A number of the same country, with valid check digits."""
        plain = number.replace(" ", "")
        account = _alphabets(plain[4:])
        drawn = _sealed(self._drawn(plain, account), account)
        return _into(number, plain[:2] + iban_check_digits(plain[:2], drawn) + drawn)

    def _drawn(self, secret: str, alphabets: Sequence[Alphabet]) -> str:
        """Characters that only the key can tell."""
        seed = blake2b(secret.encode("utf-8", "surrogatepass"), key=self._key, digest_size=64).digest()
        return _spread(seed, alphabets)


def is_pseudonym(text: str) -> bool:
    """Is this a pseudonym? (A text that is too short for a checksum is one if it is blank.)

    >>> is_pseudonym("hunter2"), is_pseudonym("x")
    (False, True)
    """
    if (is_card(text) and _is_closed_card(text)) or (is_iban(text) and _is_closed_iban(text)):
        return True
    if not any(character.isalnum() or character in _MARKS for character in text):
        return False
    return any(_sealed(text, one) == text for one in _readings(text))


def _is_closed_card(number: str) -> bool:
    digits = "".join(character for character in number if character.isdigit())
    return _closed_card(digits[:-1]) == digits


def _is_closed_iban(number: str) -> bool:
    account = number.replace(" ", "")[4:]
    return any(_sealed(account, one) == account for one in _readings(account))


def is_reserved(domain: str) -> bool:
    """Is this a domain that can belong to nobody?"""
    return domain.lower().endswith((_RESERVED_DOMAIN, _SHORT_RESERVED_DOMAIN))


def _closed_card(digits: str) -> str:
    """A card number of which all but the last digit are given: with a checksum in it, and its check digit."""
    alphabets: list[Alphabet] = list(digits[:_FORE_DIGITS])
    alphabets += [_DIGITS] * (len(digits) - _FORE_DIGITS)
    sealed = _sealed(digits, alphabets)
    return sealed + card_check_digit(sealed)


def _into(form: str, characters: str) -> str:
    """Characters in the place of the letters and digits of a text; what stands between them stays."""
    left = iter(characters)
    return "".join(next(left) if character.isalnum() else character for character in form)


# --- which characters may stand where ---------------------------------------------------------------------------


def _alphabets(text: str) -> list[Alphabet]:
    """What may stand at each place; the character itself where it stays."""
    return _of_letters(text, *_HEXADECIMAL if _is_hexadecimal(text) else _ALPHABETIC)


def _readings(text: str) -> list[list[Alphabet]]:
    """What may stand at each place of a pseudonym: one that looks hexadecimal may do so by chance."""
    plain = _of_letters(text, *_ALPHABETIC)
    return [_of_letters(text, *_HEXADECIMAL), plain] if _is_hexadecimal(text) else [plain]


def _is_hexadecimal(text: str) -> bool:
    return (
        len(text) >= _SHORTEST_HEXADECIMAL
        and any(map(str.isdigit, text))
        and any(map(str.isalpha, text))
        and (_LOOKS_HEXADECIMAL.issuperset(text.lower()) and (text == text.lower() or text == text.upper()))
    )


def _of_letters(text: str, lower: str, upper: str) -> list[Alphabet]:
    is_of_marks = sum(one.isalnum() or one > "\x7f" for one in text) < _FEW_LETTERS < len(text)
    return [_alphabet(character, lower, upper, is_of_marks) for character in text]


def _alphabet(character: str, lower: str, upper: str, is_of_marks: bool) -> Alphabet:
    if "a" <= character <= "z":
        return lower
    if "A" <= character <= "Z":
        return upper
    if "0" <= character <= "9":
        return _DIGITS
    if character > "\x7f":
        return _beyond_ascii(character)
    return _MARKS if is_of_marks and character.isprintable() and character != " " else character


def _beyond_ascii(character: str) -> Alphabet:
    if "\ud800" <= character <= "\udfff":
        return character
    if character <= "\u07ff":
        return _TWO_BYTES
    return _THREE_BYTES if character <= "\uffff" else _FOUR_BYTES


def _spread(seed: bytes, alphabets: Sequence[Alphabet]) -> str:
    """A character of each alphabet, as a seed has it."""
    number, counter = int.from_bytes(seed, "big"), 0
    drawn: list[str] = []
    for alphabet in alphabets:
        if len(alphabet) == 1:
            drawn.append(alphabet[0])
            continue
        if number < 1 << 32:
            counter += 1
            number = int.from_bytes(blake2b(seed + counter.to_bytes(4, "big"), digest_size=64).digest(), "big")
        number, place = divmod(number, len(alphabet))
        drawn.append(alphabet[place])
    return "".join(drawn)


# --- the seal ---------------------------------------------------------------------------------------------------


def _sealed(text: str, alphabets: Sequence[Alphabet]) -> str:
    """The text with its last characters turned into a checksum of the others; blanked where it is too short."""
    places = _places_of_seal(alphabets)
    if places is None:
        return "".join("x" if "x" in one else "X" if "X" in one else one[0] for one in alphabets)
    characters = list(text)
    for place in places:
        characters[place] = " "
    seed = blake2b("".join(characters).encode("utf-8", "surrogatepass"), person=b"pseudonym", digest_size=64)
    checksum = _spread(seed.digest(), [alphabets[place] for place in places])
    for place, character in zip(places, checksum, strict=True):
        characters[place] = character
    return "".join(characters)


def _places_of_seal(alphabets: Sequence[Alphabet]) -> list[int] | None:
    """Where the checksum stands: about half of what can vary, at the end. None where that would be too little."""
    total = 1
    for alphabet in alphabets:
        total *= len(alphabet)
    wanted = max(_FEWEST, isqrt(min(total, _ENOUGH**2)))
    places: list[int] = []
    strength = 1
    for place in range(len(alphabets) - 1, -1, -1):
        if len(alphabets[place]) > 1:
            places.append(place)
            strength *= len(alphabets[place])
            if strength >= wanted:
                return places
    return None
