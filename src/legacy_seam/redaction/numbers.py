"""Numbers that certify themselves: payment cards (ISO/IEC 7812) and bank accounts (ISO 13616)."""

from __future__ import annotations

_ISSUERS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (4, 4, (13, 16, 19)),  # Visa
    (51, 55, (16,)),  # Mastercard
    (2221, 2720, (16,)),
    (34, 34, (15,)),  # American Express
    (37, 37, (15,)),
    (6011, 6011, (16, 17, 18, 19)),  # Discover
    (644, 659, (16, 17, 18, 19)),
    (3528, 3589, (16, 17, 18, 19)),  # JCB
    (300, 305, (14, 16)),  # Diners Club
    (36, 36, (14, 16)),
    (38, 39, (14, 16)),
    (62, 62, (16, 17, 18, 19)),  # UnionPay
    (5018, 5018, (16, 18, 19)),  # Maestro
    (5020, 5020, (16, 18, 19)),
    (5038, 5038, (16, 18, 19)),
    (6304, 6304, (16, 18, 19)),
    (6759, 6759, (16, 18, 19)),
    (6761, 6763, (16, 18, 19)),
)
"""First digits (from, to) of the issuers, and the lengths of their numbers."""

_IBAN_LENGTHS = {
    code: length
    for length, codes in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for code in codes.split()
}
_NINES_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_card(text: str) -> bool:
    """Is this a card number: of a known issuer, as long as its numbers are, with a valid Luhn sum?

    Blanks and dashes may stand between the digits.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112"), is_card("1706745600000")
    (True, False, False)
    """
    digits = text.replace(" ", "").replace("-", "")
    if not (13 <= len(digits) <= 19 and digits.isascii() and digits.isdigit() and text[0] != "-"):
        return False
    return _has_issuer(digits) and card_check_digit(digits[:-1]) == digits[-1]


def _has_issuer(digits: str) -> bool:
    return any(
        low <= int(digits[: len(str(low))]) <= high and len(digits) in lengths for low, high, lengths in _ISSUERS
    )


def card_check_digit(digits: str) -> str:
    """The digit that makes the Luhn sum of these digits valid.

    >>> card_check_digit("411111111111111")
    '1'
    """
    total = sum(_NINES_DOUBLED[int(digit)] for digit in digits[::-2])
    total += sum(int(digit) for digit in digits[-2::-2])
    return str(-total % 10)


def is_iban(text: str) -> bool:
    """Is this an IBAN: of a known country, as long as its numbers are, with valid check digits?

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = text.replace(" ", "")
    if _IBAN_LENGTHS.get(plain[:2]) != len(plain) or not (plain.isascii() and plain.isalnum() and plain.isupper()):
        return False
    return plain[2:4].isdigit() and iban_check_digits(plain[:2], plain[4:]) == plain[2:4]


def iban_at(text: str) -> str:
    """The IBAN with which a text begins; "" where it begins with none.

    >>> iban_at("AT61 1904 3002 3457 3201 NEXT")
    'AT61 1904 3002 3457 3201'
    """
    left = _IBAN_LENGTHS.get(text[:2], 0)
    for place, character in enumerate(text):
        left -= character != " "
        if left == 0:
            ends_here = not text[place + 1 : place + 2].isalnum()
            return text[: place + 1] if ends_here and is_iban(text[: place + 1]) else ""
    return ""


def iban_check_digits(country: str, account: str) -> str:
    """The two check digits of an account in a country.

    >>> iban_check_digits("DE", "370400440532013000")
    '89'
    """
    return f"{98 - int(''.join(str(int(one, 36)) for one in f'{account}{country}00')) % 97:02}"
