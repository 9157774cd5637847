"""Calls every function of `hostile`, so that recordings of it have what mutants are asked by."""

import contextlib

import hostile

for number in (0, 1, 2, 5, 9):
    hostile.squares(number)
    hostile.ratio(number, number - 1)
    hostile.lazily(number)
    hostile.gather(number)
    hostile.number_of_calls(number)
    hostile.ticket("T")
    hostile.roll(number + 1)
    hostile.counted("ab")
    hostile.stepped(number)
    hostile.nested(number)
    hostile.remembered(number // 2)
    hostile.precise(number)
    hostile.deep(number)
    hostile.deeper(number)
    hostile.seeded(number)
    hostile.warned(number * 3)
    hostile.handled(number)
    hostile.stubborn(number)
    hostile.polled(number)
    hostile.endless(number)
    hostile.padded(number // 2)
    hostile.flaky(number)
    hostile.patient(number)
    hostile.fibonacci(number)
    hostile.is_even(number)
    hostile.taken(number)
    hostile.drawn(number)
    hostile.in_parallel([number, 3])
    hostile.by_queue([number, 3])
    hostile.locked(number * 2)
    hostile.place(number, 4)
    list(hostile.chunks("abcdefg", number + 1))
    for sign in "+-*":
        hostile.apply(sign, number)
for code in "ACEZ":
    hostile.rate(code)
for text, where in (("a", "xa12"), ("b", "xa12"), ("a", "a9")):
    hostile.find(text, where)
    hostile.intern(text)
    hostile.mourn(where)
    hostile.shout(where)
    hostile.in_environment("HOSTILE", text)
    hostile.told(text, 10 * len(where))
    hostile.at_the_end(text)
    hostile.without_timers(where)
    hostile.described(where)
    hostile.described(len(where))
    hostile.described(None)
    hostile.concurrently([text, where])
hostile.account("ann", 5, -1, 400)
hostile.account("bob", 1500, 3)
for level in (1, 20, 60, -1):
    with contextlib.suppress(SystemExit, KeyboardInterrupt):
        hostile.leave(level)
