"""Puts pseudonyms in the place of secrets, in everything that a recording holds.

What holds no secret, which is nearly everything, is told from the rest by a quick look (`gate`), then by a closer
one at the plain text; only what passes both is read, changed and written again.

>>> redactor = Redactor(b"a key")
>>> redactor.values({"password": "'hunter2'", "lines": "[1, 2]"})
{'password': "'...'", 'lines': '[1, 2]'}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from legacy_seam.calls import Call, Effect, Outcome, Run, Step
from legacy_seam.plaindata import replace
from legacy_seam.redaction.cleaned import Cleaned
from legacy_seam.redaction.contents import clean
from legacy_seam.redaction.databases import Innocents
from legacy_seam.redaction.gate import Gate
from legacy_seam.redaction.names import Weight, looks_secret, names_in
from legacy_seam.redaction.patterns import compiled
from legacy_seam.redaction.pseudonyms import Pseudonyms
from legacy_seam.redaction.rules import DEFAULT, Rules
from legacy_seam.redaction.search import Place, Search, inherited
from legacy_seam.values import encode, parse
from legacy_seam.values.notation import string

PUBLIC_KEY: Final = b"legacy-seam"
"""For outcomes of replays, which have to be the same everywhere: what they hold came out of the code itself."""

_MOST_OF_SURROUNDINGS = 64
_MOST_MET = 16
"""So many secrets are remembered. Each is looked for in everything that is kept."""
_MOST_STATES = 4
"""So many sets of secrets that are known: for each, strings are remembered in which none of them stands."""
_SHORTEST_KNOWN = 6
_LONGEST_KNOWN = 4096
_WORD = r"[A-Za-z_][\w.-]{1,63}"
_ESCAPE = r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[\s\S])"
_NAME_IN_PLACE = r"[A-Za-z_][\w-]*"
_NO_VALUES = ("<missing>",)

Note: TypeAlias = Callable[[str, str, str], None]
"""Is told the rule, the secret, and the place of something that was found."""


class Redactor:
    """Puts pseudonyms in the place of secrets.

    Args:
        key: makes the pseudonyms: those of one key are the same everywhere. A function is asked for it when the
            first secret is met.
        rules: what the project says about its secrets.
        remembers: look for a secret that was met in one call in those that come later, too.
    """

    def __init__(self, key: bytes | Callable[[], bytes], rules: Rules = DEFAULT, *, remembers: bool = True) -> None:
        self.rules = rules
        self._remembers = remembers
        self._key = key
        self._pseudonyms: Pseudonyms | None = None
        self._gate = Gate(rules.names)
        self._of_surroundings: dict[str, None] = {}
        self._met_last: dict[str, None] = {}
        self._innocents = Innocents()
        self._innocent_strings: dict[frozenset[str], set[str]] = {}
        self._probe = Search(rules, _stop)

    @classmethod
    def public(cls, rules: Rules = DEFAULT) -> Redactor:
        """One that makes the same of the same in every process, on every machine, whatever it has met before.

        What it remembered would depend on which calls are replayed, and in which order.
        """
        return cls(PUBLIC_KEY, rules, remembers=False)

    def learn(self, named: Mapping[str, object], command: Sequence[str] = ()) -> None:
        """Take note of the secrets among named values, to find them wherever they turn up later.

        Args:
            named: name -> value: the environment, the globals of a module. Only strings are looked at.
            command: a command line, with options that name secrets.
        """
        if not self.rules.enabled:
            return
        for name, value in list(named.items()):
            is_named = type(name) is str and type(value) is str and self._probe.weigh(name) is Weight.CERTAIN
            if is_named and type(value) is str:
                _remember(value, self._of_surroundings, _MOST_OF_SURROUNDINGS)
        if self._may_hold(command):
            search = Search(self.rules, lambda rule, secret, where: secret)
            search.tree(list(command))
            for secret in search.met:
                _remember(secret, self._of_surroundings, _MOST_OF_SURROUNDINGS)

    # --- what is redacted ---------------------------------------------------------------------------------------

    def text(self, text: str, name: str = "") -> str:
        """A plain string: a message, the value of an environment variable.

        Args:
            text: the string.
            name: what it is called, where it has a name.
        """
        if not self.rules.enabled or not (name or self._may_hold([text])):
            return text
        return self._search().text(text, self._place(name, name))

    def values(self, texts: Mapping[str, str], target: str = "") -> Mapping[str, str]:
        """Values in the notation, by name; the same ones where none holds a secret.

        Args:
            texts: name of a parameter, a variable, a place of state -> text.
            target: the function concerned.
        """
        call = Call(_NOBODY, "", texts, {}, {}, 0.0, (), None, "")
        return self._redacted(call, target).arguments

    def call(self, call: Call) -> Call:
        """A call about to be kept: its inputs, how it was driven, and what was seen to come of it."""
        return self._redacted(call, str(call.target))

    def outcome(self, outcome: Outcome, target: str = "") -> Outcome:
        """What came of a call."""
        if not outcome.effects:
            return outcome
        redacted = self._redacted(Call(_NOBODY, "", {}, {}, {}, 0.0, (), outcome, ""), target).observed
        return outcome if redacted is None else redacted

    def run(self, run: Run) -> Run:
        """The surroundings of calls: command line, environment, what the imports asked.

        (The files were cleaned when they were read.)
        """
        if not self.rules.enabled:
            return run
        search = self._search()
        command = list(run.command)
        if self._may_hold(command):
            command = search.tree(command, Place("command"))
        environment = {name: self._variable(name, value, search) for name, value in run.environment.items()}
        known = self._search(search.met)
        command = [known.sub_known(word) for word in command]
        answers = self._redacted(_asking(run), "").answers
        return replace(run, command=tuple(command), environment=environment, answers=answers)

    def _variable(self, name: str, value: str | None, search: Search) -> str | None:
        place = self._place(name, f"environment.{name}")
        if value is None or not (place.weight or self._may_hold([value])):
            return value
        return search.text(value, place)

    def content(self, content: bytes) -> Cleaned:
        """The content of a file. It keeps its length, unless it is a database."""
        if not self.rules.enabled:
            return Cleaned(content)
        searches: list[Search] = []

        def search(known: Iterable[str]) -> Search:
            searches.append(self._search(known))
            return searches[-1]

        cleaned = clean(content, search, self._may_hold_bytes, self._innocents)
        for one in searches:
            self._met(one.met)
        return cleaned

    # --- what is only looked at ---------------------------------------------------------------------------------

    def look_at_call(self, call: Call, note: Note) -> None:
        """Find what is left of secrets in a call whose large texts are whole.

        Args:
            call: the call.
            note: is told what is found: the rule, the secret, the place within the call.
        """
        self._pass(call, self._looking(note, str(call.target)))

    def look_at_run(self, run: Run, note: Note) -> None:
        """Find what is left of secrets in the surroundings of calls."""
        search = self._looking(note)
        search.tree(list(run.command), Place("command"))
        for name, value in run.environment.items():
            search.text(value or "", self._place(name, f"environment.{name}"))
        self._pass(_asking(run), self._looking(note))

    def look_at_text(self, text: str, note: Note, name: str = "") -> None:
        """Find what is left of secrets in a plain string."""
        self._looking(note).text(text, self._place(name, name))

    def look_at_content(self, content: bytes, note: Note) -> str:
        """Find what is left of secrets in the content of a file; gives why it could not be examined, or ""."""
        return clean(
            content, lambda known: self._looking(note, known=known), self._may_hold_bytes, Innocents()
        ).problem

    def _looking(self, note: Note, target: str = "", known: Iterable[str] = ()) -> Search:
        def look(rule: str, secret: str, where: str) -> str:
            note(rule, secret, where)
            return secret

        return Search(self.rules, look, known, target)

    # --- how ----------------------------------------------------------------------------------------------------

    def _redacted(self, call: Call, target: str) -> Call:
        if not self.rules.enabled:
            return call
        effects = call.observed.effects if call.observed else ()
        asked = (answer.question for answer in call.answers)
        texts = [*call.texts(), *asked, *(effect.text for effect in effects)]
        names = [*call.arguments, *call.closure, *call.state]
        places = [effect.place for effect in effects if effect.place]
        is_named = any(self._weigh(name) for name in (*names, *places))
        if not is_named and not self._may_hold([*texts, *places]):
            return call
        search = self._search(target=target)
        redacted = self._pass(call, search)
        if search.met:
            self._met(search.met)
            again = self._search(search.met, target)
            redacted = self._pass(redacted, again, only_known=True)
        return redacted

    def _pass(self, call: Call, search: Search, *, only_known: bool = False) -> Call:
        """All texts of a call, searched once; where it is the second time, those that hold what is known by now."""
        if only_known and not any(_holds(text, search.known) for text in _texts_of(call)):
            return call
        observed = call.observed
        return replace(
            call,
            arguments=self._values(call.arguments, search),
            closure=self._values(call.closure, search),
            state=self._values(call.state, search),
            driven=tuple(
                Step(step.kind, self._value("", step.text, search), step.times) if step.text else step
                for step in call.driven
            ),
            answers=tuple(
                replace(
                    answer,
                    question=self._value("", answer.question, search, "asked"),
                    text=self._value("", answer.text, search, "answered"),
                )
                for answer in call.answers
            ),
            observed=observed and Outcome(tuple(self._effect(effect, search) for effect in observed.effects)),
        )

    def _values(self, texts: Mapping[str, str], search: Search) -> dict[str, str]:
        return {name: self._value(name, text, search) for name, text in texts.items()}

    def _effect(self, effect: Effect, search: Search) -> Effect:
        place = search.text(effect.place) if self._may_hold([effect.place]) else effect.place
        name = effect.place if effect.kind == "changed" else ""
        text = self._value(name, effect.text, search, f"{effect.kind} {effect.place}".rstrip())
        return Effect(effect.kind, place, text)

    def _value(self, name: str, text: str, search: Search, way: str = "") -> str:
        """A text in the notation, which stands under a name."""
        place = self._place(name, way or name)
        known = _holds(text, search.known)
        if text in _NO_VALUES or not (place.weight or known or self._is_suspicious(text)):
            return text
        before = search.covered
        search.seeks_patterns = self._has_signs(text)
        tree = search.tree(parse(text), place)
        search.seeks_patterns = True
        return text if search.covered == before else encode(tree)

    def _place(self, name: str, way: str) -> Place:
        """Where something stands that is called `acct.password`, `shop:KEYS['stripe']`, `DB_PASSWORD`."""
        names = [name] if name.isidentifier() else compiled(_NAME_IN_PLACE).findall(name)
        place = Place(way)
        for one in names[-4:]:
            weight = self._probe.weigh(one) or inherited(place)
            place = Place(way, one, weight)
        return place

    def _weigh(self, name: str) -> Weight | None:
        return self._place(name, name).weight

    def _may_hold(self, texts: Iterable[str]) -> bool:
        joined = "\n".join(texts)
        return self._gate.lets_through(joined) or self._knows(joined) or self._has_own(joined)

    def _may_hold_bytes(self, raw: bytes) -> bool:
        if self._gate.lets_bytes_through(raw) or self._has_own(raw.decode("utf-8", "replace")):
            return True
        return any(secret.encode("utf-8", "surrogatepass") in raw for secret in self._known())

    def _met(self, secrets: Iterable[str]) -> None:
        for secret in secrets if self._remembers else ():
            _remember(secret, self._met_last)

    def _knows(self, text: str) -> bool:
        return any(secret in text for secret in self._known())

    def _has_own(self, text: str) -> bool:
        return any(compiled(pattern).search(text) for pattern in self.rules.patterns)

    def _known(self) -> list[str]:
        return [*self._of_surroundings, *self._met_last]

    def _is_suspicious(self, text: str) -> bool:
        """The closer look at a text in the notation."""
        if not self._may_hold([text]):
            return False
        plain = compiled(_ESCAPE).sub(" ", text) if "\\" in text else text
        words = set(compiled(_WORD).findall(plain)) if self.rules.names else names_in(plain)
        if any(self._probe.weigh(word) for word in words) or self._knows(text):
            return True
        try:
            return self._has_signs(text) and self._probe.text(plain) != plain
        except _Found:
            return True

    def _has_signs(self, text: str) -> bool:
        """May something be found in it by pattern?"""
        return self._gate.has_signs(text.encode("utf-8", "surrogatepass")) or bool(self.rules.patterns)

    def _search(self, known: Iterable[str] = (), target: str = "") -> Search:
        in_order = [*self._known(), *known]
        state = frozenset(in_order)
        innocents = self._innocent_strings.get(state)
        if innocents is None:
            if len(self._innocent_strings) >= _MOST_STATES:
                self._innocent_strings.clear()
            innocents = self._innocent_strings[state] = set()
        return Search(self.rules, self._stand_in, in_order, target, innocents)

    def _stand_in(self, rule: str, secret: str, where: str) -> str:
        made = self._pseudonyms
        if made is None:
            made = self._pseudonyms = Pseudonyms(self._key() if callable(self._key) else self._key)
        return made.of_email(secret) if rule == "email" else made.of(secret)


def _remember(secret: str, known: dict[str, None], most: int = _MOST_MET) -> None:
    """The latest of them, if they are such that no other text could be taken for one."""
    if _SHORTEST_KNOWN <= len(secret) <= _LONGEST_KNOWN and looks_secret(secret):
        known.pop(secret, None)
        known[secret] = None
        if len(known) > most:
            known.pop(next(iter(known)), None)  # another thread may have been quicker


def _holds(text: str, known: Iterable[str]) -> bool:
    """Does a text in the notation hold one of these, spelled as it is there?"""
    return any(secret in text or string(secret)[1:-1] in text for secret in known)


def _texts_of(call: Call) -> list[str]:
    effects = call.observed.effects if call.observed else ()
    asked = (answer.question for answer in call.answers)
    return [*call.texts(), *asked, *(effect.text for effect in effects), *(effect.place for effect in effects)]


def _asking(run: Run) -> Call:
    """A call that asks what the imports asked."""
    return Call(_NOBODY, "", {}, {}, {}, 0.0, (), None, "", answers=run.answers)


class _Found(Exception):
    """There is a secret."""


def _stop(rule: str, secret: str, where: str) -> str:
    raise _Found


_NOBODY: Any = None
