"""Grading by the cases of one world: its mutants are made, tried and judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from legacy_seam.grade.arid import Aridity
from legacy_seam.grade.asking import Asked, controls, meaning_of, own_cases
from legacy_seam.grade.at_import import watch_import
from legacy_seam.grade.cards import cards
from legacy_seam.grade.coverage import Coverage
from legacy_seam.grade.digests import digests_of_cases
from legacy_seam.grade.findings import Findings
from legacy_seam.grade.memory import Ground
from legacy_seam.grade.mutants import Function, Mutant, Source
from legacy_seam.grade.net import Net, net_of
from legacy_seam.grade.operators import DEFAULT
from legacy_seam.grade.outside import Reimport, spread
from legacy_seam.grade.probing import in_words, like, probes
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.verdicts import DETECTED, Graded, Judged, Killer, Noticed, State
from legacy_seam.grade.worlds import Answer, World
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.mutation.asked import WAITED, Trial
from legacy_seam.source.parsing import Skipped

_AT_ONCE = 500
"""Mutants that are handed to a worker at a time: what comes of them is kept when the next are."""
_OF_OTHERS_AT_ONCE = 20
"""The same where there is a limit of time."""
_MOST_ASKED_AT_ONCE = 64
"""Mutants of which a worker is asked at a time who notices them; fewer where that takes long."""
_LONG = 0.2
_USUAL = frozenset(one.name for one in DEFAULT)
_MOST_PROBED = 2
"""Survivors of a line for which an input is looked for."""


@dataclass(slots=True)
class InWorld:
    """Grading by the cases of one world."""

    findings: Findings
    world: World
    files: dict[str, str] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    doubtful: list[Asked] = field(default_factory=list)
    made: list[Asked] = field(default_factory=list)
    distrusted: dict[tuple[str, str], str] = field(default_factory=dict)

    def run(self) -> None:
        """Try all that is to be tried here.

        Raises:
            NetNotGreen: where a golden master does not hold.
        """
        findings, world = self.findings, self.world
        modules = world.prepare()
        net = net_of(world, findings.isolated(), findings.plan.tolerances)
        findings.cases += len(world.cases)
        findings.unstable += net.unstable
        self.files = findings.plan.scope.modules(modules, findings.targets())
        steady = sorted(net.came)
        ran = world.watch(list(modules.values()), steady)
        self.digests = digests_of_cases(world.cases, ran, modules, findings.plan.tolerances)
        net.expect(world, {number: one.steps for number, one in ran.items()})
        seconds = {number: came.seconds for number, came in net.came.items()}
        coverage = Coverage(ran, seconds, net.stateful)
        trials = list(self._trials(coverage))
        self.findings.watcher.expects(len(trials))
        self._try_out([one for one in trials if _is_usual(one)])
        self._try_others([one for one in trials if not _is_usual(one)])
        self._try_doubtful(net)
        self._try_distrusted(net)
        if findings.plan.everyone and not findings.problems:
            self._ask_everyone()
        if findings.plan.outside:
            self._try_outside(net)
            self._try_at_import(net)
        if findings.plan.probes and not findings.problems:
            self._probe(coverage)

    # --- mutants --------------------------------------------------------------------------------------------

    def _trials(self, coverage: Coverage) -> Iterator[Asked]:
        """What is to be tried in this world: controls first, then mutants."""
        aridity = Aridity(self.findings.recorded())
        for module, file in sorted(self.files.items()):
            source = self._source(module, file)
            if source is None:
                continue
            callers = {
                label: numbers
                for label, function in source.functions.items()
                if (numbers := coverage.of_function(file, function))
            }
            targets = {target.qualname for target in self.findings.targets() if target.module == module}
            for function in self.findings.plan.scope.functions(source, file, callers, targets):
                numbers = callers.get(function.label, [])
                self.findings.functions[module][function.label] = function
                if numbers:
                    own = own_cases(self.world, function, numbers)
                    yield from controls(function, source, file, numbers, coverage, own)
                mutants = source.mutants(function.label, self.findings.plan.operators, aridity)
                yield from self._of_function(mutants, function, file, numbers, coverage)

    def _source(self, module: str, file: str) -> Source | None:
        known = self.findings.sources.get(module)
        if known is not None:
            return known[0]
        source = source_of(module, file)
        if isinstance(source, Skipped):
            self.findings.notes.append(f"{source}: it is not graded")
            return None
        self.findings.sources[module] = source, file
        return source

    def _of_function(
        self,
        mutants: Sequence[Mutant],
        function: Function,
        file: str,
        callers: Sequence[int],
        coverage: Coverage,
    ) -> Iterator[Asked]:
        for mutant in mutants:
            if not self._is_open(mutant, function):
                continue
            if covering := coverage.of_mutant(mutant, file, callers):
                asked = Asked(mutant, function, file, mutant.edit, tuple(covering), coverage.is_stateful(covering))
                asked = self._without_needless(asked)
                self.made.append(asked)
                if not self._recalled(asked):
                    yield asked
            else:
                self.findings.judged.setdefault(mutant.identity, Judged(mutant, "not-covered"))

    def _is_open(self, mutant: Mutant, function: Function) -> bool:
        """Is it to be tried? Not where another world noticed it, a rule suppresses it, or a person accepted it."""
        judged = self.findings.judged
        before, accepted = judged.get(mutant.identity), self.findings.plan.equivalent.get(mutant.identity)
        if before is not None and before.state not in ("survived", "not-covered", "unstable"):
            return False
        if mutant.rule is not None:
            judged[mutant.identity] = Judged(mutant, "suppressed", reason=mutant.rule)
            return False
        if accepted is not None and accepted.digest == function.digest:
            judged[mutant.identity] = Judged(mutant, "equivalent", reason=f"{accepted.reason} ({accepted.author})")
            return False
        return True

    def _without_needless(self, asked: Asked) -> Asked:
        """Without cases that are known not to notice a mutant; those that seem to do come first."""
        assert asked.mutant is not None
        memory, ground = self.findings.plan.memory, self._ground(asked)
        unnoticing, suspected = memory.unnoticing(asked.mutant, ground), memory.suspected(asked.mutant, ground)
        left = [number for number in asked.cases if self.digests[number] not in unnoticing]
        left.sort(key=lambda number: self.digests[number] not in suspected)
        known = tuple(number for number in asked.cases if self.digests[number] in unnoticing)
        return replace(asked, cases=tuple(left), unnoticing=known)

    def _recalled(self, asked: Asked) -> bool:
        """Is its verdict known from an earlier run? Then it is taken over."""
        assert asked.mutant is not None
        remembered = self.findings.plan.memory.recall(asked.mutant, self._ground(asked))
        if remembered is None:
            return False
        self.findings.reused += 1
        self._keep(remembered, asked)
        return True

    # --- verdicts -------------------------------------------------------------------------------------------

    def _try_out(self, asked: Sequence[Asked]) -> None:
        for start in range(0, len(asked), _AT_ONCE):
            waiting = dict(enumerate(asked[start : start + _AT_ONCE]))
            while waiting:
                tolerated: dict[int, Asked] = {}
                for number, answer in self.world.try_out([one.trial(n) for n, one in waiting.items()]):
                    rest = self._take(waiting[number], answer)
                    if rest is not None:
                        tolerated[number] = rest
                    else:
                        self.findings.watcher.judged(1)
                waiting = tolerated
            self.findings.plan.memory.save()

    def _try_others(self, asked: Sequence[Asked]) -> None:
        """Try mutants of operators that are not in the small set, as long as there is time for them."""
        seconds = self.findings.plan.for_others
        size = len(asked) if seconds == float("inf") else _OF_OTHERS_AT_ONCE
        until = self.world.seconds + seconds
        for start in range(0, len(asked), max(1, size)):
            if self.world.seconds > until:
                break
            self._try_out(asked[start : start + size])

    def _ask_everyone(self) -> None:
        """Ask all cases of the mutants that are noticed by one."""
        judged, cases, memory = self.findings.judged, self.world.cases, self.findings.plan.memory
        noticed = [one.mutant for one in judged.values() if one.state in DETECTED]
        identities = {one.identity for one in noticed}
        asked = [one for one in self.made if one.mutant is not None and one.mutant.identity in identities]
        asked = [one for one in asked if one.name not in self.distrusted]
        asked.sort(key=lambda one: not _is_usual(one))
        until, start, size = self.world.seconds + self.findings.plan.everyone, 0, 1
        while start < len(asked) and (began := self.world.seconds) <= until:
            some = asked[start : start + size]
            for one in some:
                if one.mutant is not None:
                    self.findings.noticing.setdefault(one.mutant.identity, set())
            for number, case in self.world.noticing([one.trial(n) for n, one in enumerate(some)]):
                mutant = some[number].mutant
                assert mutant is not None
                self.findings.noticing[mutant.identity].add(cases[case].call.identity)
                memory.suspect(mutant, self._ground(some[number]), self.digests[case])
            start += size
            size = max(1, size // 2) if self.world.seconds - began > _LONG else min(2 * size, _MOST_ASKED_AT_ONCE)

    def _try_doubtful(self, net: Net) -> None:
        """Try mutants again that seemed to end their process, where that may have been no doing of theirs.

        A process that is copied while threads go on may wait for ever for what one of them holds.
        """
        by_module: dict[str, list[Asked]] = defaultdict(list)
        for asked in self.doubtful:
            by_module[asked.function.module].append(asked)
        for module, some in by_module.items():
            self._try_each_outside(some, self._reimport(net), self.findings.sources[module][0])
        if self.doubtful:
            self.findings.notes.append(
                f"threads go on once the program is imported ({self.world.threads}): mutants that crashed or waited"
                f" for too long ({len(self.doubtful)}) were tried again, each by an import of the program"
            )

    def _try_distrusted(self, net: Net) -> None:
        """Try all mutants of a function again that does not stand to be compiled anew in a process that has it."""
        judge, judged = self._reimport(net), self.findings.judged
        for (module, label), why in self.distrusted.items():
            source, name = self.findings.sources[module][0], f"{module}:{label}"
            some = [
                replace(one, cases=tuple(sorted(net.came)), tolerated=(), unnoticing=(), at_import=True)
                for one in self.made
                if one.name == (module, label)
            ]
            if some and judge.control(source, some[0].file):
                self.findings.problems.append(
                    f"{name} behaves differently when nothing in it was changed and it was only compiled again"
                    f" ({why}): mutants of it cannot be judged; leave it out, and report this"
                )
                continue
            for one in some:
                if one.mutant is not None:
                    judged.pop(one.mutant.identity, None)
            self._try_each_outside(some, judge, source)
            self.findings.notes.append(
                f"{name} behaves differently once it is compiled again ({why}): its mutants ({len(some)}) were"
                " tried each by an import of the program"
            )

    def _try_outside(self, net: Net) -> None:
        """Try mutants that stand outside of functions."""
        findings, judge = self.findings, self._reimport(net)
        whole = Function("", "", "", (), 0, 0, "")
        aridity = Aridity(findings.recorded())
        for module, file in sorted(self.files.items()):
            source = self._source(module, file)
            if source is None or not findings.plan.scope.covers_outside(module):
                continue
            function = replace(whole, module=module, digest=source.digest_outside_of_functions())
            mutants = source.mutants("", findings.plan.operators, aridity)
            asked = [
                Asked(mutant, function, file, mutant.edit, tuple(sorted(net.came)), True)
                for mutant in mutants
                if self._is_open(mutant, function)
            ]
            chosen = spread(asked, findings.plan.outside)
            if len(chosen) < len(asked):
                findings.notes.append(
                    f"{module}: {len(chosen)} of {len(asked)} mutants outside of functions were tried; each takes"
                    " an import of the program (--outside N tries more)"
                )
            findings.functions[module][""] = function
            self._try_each_outside(chosen, judge, source)
        findings.plan.memory.save()

    def _try_at_import(self, net: Net) -> None:
        """Try mutants again that no case notices, where an import of the program runs their place as well."""
        findings, cases = self.findings, self.world.cases
        unnoticed: dict[str, list[Judged]] = defaultdict(list)
        for judged in findings.judged.values():
            if judged.state in ("survived", "not-covered") and judged.mutant.function:
                unnoticed[judged.mutant.module].append(judged)
        if not unnoticed or not net.came:
            return
        seen = watch_import(findings.replayer, self.world.batches, cases[min(net.came)])
        steady = tuple(sorted(net.came))
        judge = self._reimport(net)
        for module, file in sorted(self.files.items()):
            functions = findings.functions[module]
            asked = [
                Asked(one.mutant, function, file, one.mutant.edit, steady, True, at_import=True)
                for one in unnoticed[module]
                if (function := functions.get(one.mutant.function)) and seen.runs(one.mutant, function, file)
            ]
            chosen = spread(asked, findings.plan.outside)
            if len(chosen) < len(asked):
                findings.notes.append(
                    f"{module}: of {len(asked)} mutants that no call notices, but whose place runs at import,"
                    f" {len(chosen)} were tried there (--outside N tries more)"
                )
            self._try_each_outside(chosen, judge, findings.sources[module][0])
        findings.plan.memory.save()

    def _reimport(self, net: Net) -> Reimport:
        steady = [self.world.cases[number] for number in sorted(net.came)]
        findings = self.findings
        return Reimport(findings.replayer, self.world.batches, steady, bool(net.apart), findings.plan.tolerances)

    def _try_each_outside(self, asked: Sequence[Asked], judge: Reimport, source: Source) -> None:
        asked = [one for one in asked if not self._recalled(one)]
        if not asked:
            return
        if why := judge.control(source, asked[0].file):
            self.findings.notes.append(
                f"{source.module} behaves differently when it is compiled from its text ({why}): mutants outside of"
                " its functions, and of what runs at import, were not tried"
            )
            return
        self.findings.watcher.expects(len(asked))
        for one in asked:
            assert one.mutant is not None
            state, noticed, reason = judge.judge(one.mutant, source, one.file)
            judged = Judged(one.mutant, state, len(one.cases), noticed, reason)
            self._keep(judged, one)
            by = None if noticed is None or state != "killed" else self._digest_of(noticed)
            self.findings.plan.memory.keep(judged, self._ground(one), by)
            self.findings.watcher.judged(1)

    def _digest_of(self, noticed: Noticed) -> str:
        """The digest of the case that noticed a mutant."""
        return next(
            self.digests[number]
            for number, case in enumerate(self.world.cases)
            if case.call.identity == noticed.case and str(case.call.target) == noticed.target
        )

    def _probe(self, coverage: Coverage) -> None:
        """Look for an input on which some survivor of each line would be noticed."""
        for card in cards(Graded(tuple(self.findings.judged.values()), self.findings.modules())):
            for judged in card.survivors[:_MOST_PROBED]:
                mutant = judged.mutant
                if not mutant.function or (mutant.module, mutant.function) in self.distrusted:
                    break
                function = self.findings.functions[mutant.module][mutant.function]
                source, file = self.findings.sources[mutant.module]
                callers = coverage.of_mutant(mutant, file, coverage.of_function(file, function))
                if mutant.identity in self.findings.killers or not callers:
                    break
                own = own_cases(self.world, function, callers)
                target = self.world.target((own or callers)[0])
                near = [n for n in own or callers if self.world.target(n) == target]
                calls = probes([self.world.cases[n].call for n in near], source, function)
                trial = Trial(0, file, function.path, mutant.edit, mutant.line, (), True)
                found = self.world.probe(trial, near[0], calls) if calls else None
                if found is not None:
                    call, original, mutated = found
                    recorded = next(
                        c.call for n in near if (c := self.world.cases[n]).call.identity == call.identity
                    )
                    came = in_words(original, mutated), in_words(mutated, original)
                    differs = like(call, recorded)
                    self.findings.killers[mutant.identity] = Killer(
                        str(target), call.arguments, *came, call.identity, differs
                    )
                    break

    def _take(self, asked: Asked, answer: Answer) -> Asked | None:
        """Take in an answer; what is to be asked further, where the case that noticed the mutant tolerates it."""
        state, noticed, reason = meaning_of(answer, self.world, self.findings.plan.tolerances)
        if state == "killed" and noticed is None:
            rest = tuple(number for number in asked.cases if number != answer.case)
            if rest:
                return replace(asked, cases=rest, tolerated=(*asked.tolerated, answer.case))
            state = "survived"
        if asked.mutant is None:
            self._take_control(asked, state, noticed, reason)
            return None
        if self.world.threads and (state == "crash" or (state == "timeout" and reason == WAITED)):
            self.doubtful.append(asked)
            return None
        judged = Judged(asked.mutant, state, len(asked.all_cases), noticed, reason)
        self._keep(judged, asked)
        if state == "error":
            self.findings.problems.append(
                f"{asked.mutant.module}:{asked.function.label}, mutant {asked.mutant.identity}: {reason}"
            )
        else:
            by = self.digests[answer.case] if state in DETECTED else None
            self.findings.plan.memory.keep(judged, self._ground(asked), by)
        return None

    def _keep(self, judged: Judged, asked: Asked) -> None:
        before = self.findings.judged.get(judged.mutant.identity)
        if asked.at_import and before is not None:
            if judged.state in ("survived", "suppressed"):
                return
        elif before is not None:  # it was tried in another world
            judged = replace(judged, cases=judged.cases + before.cases)
        self.findings.judged[judged.mutant.identity] = judged

    def _ground(self, asked: Asked) -> Ground:
        cases = {self.digests[number] for number in asked.all_cases}
        world = self.world.batches[0].run.identity
        name = f"{world} import" if asked.at_import else world
        return Ground(name, asked.function.digest, cases, asked.is_alone)

    def _take_control(self, asked: Asked, state: State, noticed: Noticed | None, reason: str) -> None:
        name = f"{asked.function.module}:{asked.function.label}"
        is_noticed = asked.must == "killed" and state in DETECTED
        is_nowhere = state == "suppressed" and reason != "no-code"
        if is_noticed or is_nowhere or state == asked.must:
            return
        if asked.must == "survived":
            why = f"{noticed.difference.path} of case {noticed.case} differs" if noticed else reason or state
            self.distrusted[asked.name] = why
        else:
            self.findings.problems.append(
                f"the golden master of {name} does not notice that it fails at once ({state}): it checks nothing;"
                f" pin it again (`legacy-seam pin {name} --afresh`)"
            )


def _is_usual(asked: Asked) -> bool:
    """Is it a control, or a mutant of the small set of operators?"""
    return asked.mutant is None or asked.mutant.operator in _USUAL
