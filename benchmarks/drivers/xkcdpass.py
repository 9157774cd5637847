"""Passwords of several words, drawn at random."""

import random
from argparse import Namespace

from xkcdpass import xkcd_password as words

listed = words.generate_wordlist(wordfile=words.locate_wordfile(), min_length=4, max_length=6)
print(len(listed), listed[:3])
print(len(words.generate_xkcdpassword(listed, numwords=5).split()))
random.seed(5)
print(bool(words.generate_xkcdpassword(listed, acrostic="chaos", delimiter="-")))
options = Namespace(acrostic="", numwords=4, verbose=True, valid_chars=".", min_length=4, max_length=6)
print(words.verbose_reports(listed, options))
print(
    [
        len(words.set_case(["one", "two"], method=how))
        for how in ("lower", "upper", "alternating", "first", "as-is", "capitalize")
    ]
)
print([len(words.choose_words(listed, n)) for n in (1, 4)])
