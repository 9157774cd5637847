"""Probes: a function made to report its calls, while nothing about it looks different from outside.

The body of each watched function is compiled twice into one code object:

    def score(account, *, strict=False):
        "Its docstring."
        while True:
            try:
                if () in <gate>:
                    for () in <tally>: break            # learnt: this call is only counted
                elif <enter>(account, strict): break    # it is worth a look
            except <RecursionError>: pass
            ...the body as it was written...
            return None
        try:
            ...the body, `return X` written as `return <note>(X)`, `<mark>(n)` at the start of each branch...
            <note>(None)
        except <BaseException>:
            <raised>()
            raise
        finally:
            <done>()

What stands in angle brackets are live objects among the constants of the code object, so that no name is added to
the globals of the module or to the locals of the function. The added instructions have no place in the source: line
numbers, columns and tracebacks are those of the original.

The calls in the watched body report as well (`legacy_seam.boundary.call_sites`).

In generators, `yield X` is written as `<resumed>(yield <yielded>(X))` besides. Each level of functions within
functions doubles what is compiled; above the third, a function has one body, which is watched in every call. A
lambda, in which no statement can stand, becomes

    lambda row: (<tally>() or X) if () in <gate> else <enter>(row)(X)

where `<enter>` gives an object that is called with the result, or is thrown away if an exception comes first.
"""

from __future__ import annotations

import ast
import types
from functools import partial
from typing import Protocol

from legacy_seam.boundary.call_sites import CallSites, SiteHooks
from legacy_seam.plaindata import dataclass, field
from legacy_seam.record.bodies import WatchedBody, Wires, place_of_first, yields
from legacy_seam.record.definitions import Definition, Form, Found, Function, definition_of, functions
from legacy_seam.record.hearing import Ear, give_ears
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.constants import NOWHERE, Constants, Patcher, Position
from legacy_seam.rewriting.scripts import Run, Script, guard_of, read_script

_DEEPEST_DOUBLED = 3


@dataclass(frozen=True, slots=True)
class Hooks:
    """The live objects that one function reports to.

    gate:    a list; while it holds `()`, calls are only counted, by taking one item of `tally`.
    tally:   an endless iterator of `()`.
    enter:   called with the values of all parameters; true where the outcome of this call is wanted. For a lambda,
             it gives what is called with the result.
    note:    called with what is about to be returned; gives it back.
    mark:    called with the number of a branch when it is taken; gives None.
    raised:  called while an exception is leaving the function.
    done:    called last.
    yielded: called with what is about to be yielded; gives it back.
    resumed: called with what was sent in; gives it back.
    thrown:  called while an exception is leaving a statement that yields.
    """

    gate: object
    tally: object
    enter: object
    note: object = None
    mark: object = None
    raised: object = None
    done: object = None
    yielded: object = None
    resumed: object = None
    thrown: object = None


class Registry(Protocol):
    """Who is asked, for each function of a module, whether and to what it reports."""

    def hooks(self, definition: Definition) -> Hooks | None:
        """The hooks of that function, or None where it is not to be watched."""

    def ear(self) -> Ear | None:
        """What the items of generator expressions go past, if that is wanted."""

    def call_sites(self) -> SiteHooks | None:
        """What the call sites of watched bodies report to; None where they report nothing."""

    def bind(self, definition: Definition, code: types.CodeType) -> None:
        """`code` is the compiled body of that function."""

    def runs_at_import(self, code: types.CodeType) -> None:
        """`code` is that of a module, whose call sites report as well until it is imported."""


class ModuleHook(Protocol):
    """What is called when a script has come so far."""

    def __call__(self) -> object:
        """Take note."""


class ScriptHook(Protocol):
    """What is called whenever a script without a guard has defined something, and acts next."""

    def __call__(self, script: Script, run: Run) -> object:
        """Take note."""


@dataclass(frozen=True, slots=True)
class MainHooks:
    """Of the module that is run as the program.

    guarded:     told that it has a guard: what it runs before that, an import runs, too.
    before_main: told when that guard is reached.
    defined:     told of what it defines, where it has none.
    """

    guarded: ModuleHook
    before_main: ModuleHook
    defined: ScriptHook


def instrument(
    source: str | bytes,
    filename: str,
    module: str,
    registry: Registry,
    *,
    main: MainHooks | None = None,
) -> types.CodeType:
    """Compile a module with probes in it. Gives no warnings: those come from compiling the source itself.

    Args:
        source: its text.
        filename: what its code objects say about where they come from.
        module: the name under which its functions are targets.
        registry: chooses the functions to be watched, and gives their hooks.
        main: of the module that is run as the program: what is told how far it is.

    Raises:
        SyntaxError, ValueError, RecursionError: where it cannot be compiled.

    >>> code = instrument("def f(x): return x", "f.py", "f", registry)   # doctest: +SKIP
    """
    with warnings_kept_quiet():
        try:
            return _compiled(source, filename, module, registry, main, is_light=False)
        except SyntaxError:  # too many blocks within blocks, as it may be: a lighter form has room
            return _compiled(source, filename, module, registry, main, is_light=True)


def _compiled(
    source: str | bytes,
    filename: str,
    module: str,
    registry: Registry,
    main: MainHooks | None,
    *,
    is_light: bool,
) -> types.CodeType:
    tree = ast.parse(source, filename)
    guard = guard_of(tree)
    script = read_script(tree) if main is not None and guard is None else None
    call_sites = registry.call_sites()
    constants = Constants()
    writer = _Writer(registry, None if call_sites is None else CallSites(constants, call_sites), constants)
    for found in functions(tree):
        form = "entry" if is_light else _form_of(found)
        if form is not None:
            writer.probe(found.node, definition_of(found, module, filename, form))
    ear = registry.ear()
    if ear is not None:
        give_ears(tree, ear, ear.hear, writer.constants)
    end = len(tree.body)
    if main is not None and script is not None:
        _insert_behind_definitions(tree.body, script, main.defined, writer.constants)
        end = 0  # importing the script is running it
    elif main is not None and guard is not None:
        tree.body.insert(guard, writer.constants.call(main.before_main))
        end = guard
    if call_sites is not None:
        # What a module computes in loops may be long: there, reports would cost too much.
        tree.body[:end] = CallSites(constants, call_sites, in_loops=False).block(tree.body[:end])
    code = compile(tree, filename, "exec", dont_inherit=True)
    code = Patcher(writer.constants.held, writer.definitions, registry.bind).patched(code)
    if end:
        registry.runs_at_import(code)
    if main is not None and guard is not None:
        main.guarded()
    return code


def _form_of(found: Found) -> Form | None:
    """How a function is watched; None for what cannot be (a lambda that is a generator)."""
    if isinstance(found.node, ast.Lambda) and yields([found.node.body], ast.Yield, ast.YieldFrom):
        return None
    return "doubled" if found.depth <= _DEEPEST_DOUBLED else "single"


@dataclass(slots=True)
class _Writer:
    """Writes probes into the functions of one tree."""

    registry: Registry
    call_sites: CallSites | None
    constants: Constants
    definitions: dict[int, Definition] = field(default_factory=dict)

    def probe(self, node: Function | ast.Lambda, definition: Definition) -> None:
        """Write probes into one function, if it is wanted. Those within it have theirs already."""
        hooks = self.registry.hooks(definition)
        if hooks is None:
            return
        self.definitions[id(hooks.enter)] = definition
        if isinstance(node, ast.Lambda):
            node.body = self._lambda_body(definition, hooks, node.body)
            return
        head, body = _docstring_apart(node.body)
        if definition.form == "doubled":
            node.body = [*head, self._unwatched(definition, hooks, body), self._watched(definition, hooks, body)]
        elif definition.form == "single":
            node.body = [*head, self._announced(definition, hooks, body), self._watched(definition, hooks, body)]
        else:
            node.body = [*head, self._announced(definition, hooks, body), *body]

    def _unwatched(self, definition: Definition, hooks: Hooks, body: list[ast.stmt]) -> ast.While:
        """The body as it was written, left by `break` before it begins where the call is to be watched."""
        place = place_of_first(body)
        enter = self.constants.report(hooks.enter, definition.parameters, place)
        look: list[ast.stmt] = [ast.If(enter, [ast.Break(**place)], [], **place)]
        nothing = None if definition.kind == "stream" else ast.Constant(None, **NOWHERE)
        end = ast.Return(nothing, **NOWHERE)
        forever = ast.Constant(True, **place)
        return ast.While(forever, [self._gated(hooks, look, [], place), *body, end], [], **place)

    def _announced(self, definition: Definition, hooks: Hooks, body: list[ast.stmt]) -> ast.While:
        """Report, and go on. A loop, since the end of a bare `try` would be a jump that has no line."""
        place = place_of_first(body)
        enter = self.constants.report(hooks.enter, definition.parameters, place)
        leave = ast.Break(**place)
        gated = self._gated(hooks, [ast.Expr(enter, **place), leave], [leave], place)
        return ast.While(ast.Constant(True, **place), [gated], [], **place)

    def _gated(self, hooks: Hooks, look: list[ast.stmt], leave: list[ast.stmt], place: Position) -> ast.Try:
        """Count this call if the function is learnt; otherwise (or where the tally has ended) have it looked at.

        Args:
            hooks: what it reports to.
            look: what is done to have a call looked at.
            leave: what is done where it is not.
            place: the line on which all this stands.
        """
        each = ast.Tuple([], ast.Store(), **place)
        tally = self.constants.constant(hooks.tally, place)
        counted = ast.For(each, tally, [ast.Break(**place)], look, None, **place)
        chosen = ast.If(self._learnt(hooks, place), [counted, *leave], look, **place)
        too_deep = self.constants.constant(RecursionError, place)
        passed_over = ast.ExceptHandler(too_deep, None, leave or [ast.Pass(**place)], **place)
        return ast.Try([chosen], [passed_over], [], [], **place)

    def _learnt(self, hooks: Hooks, place: Position) -> ast.Compare:
        """`() in <gate>`."""
        nothing = ast.Tuple([], ast.Load(), **place)
        return ast.Compare(nothing, [ast.In()], [self.constants.constant(hooks.gate, place)], **place)

    def _watched(self, definition: Definition, hooks: Hooks, body: list[ast.stmt]) -> ast.Try:
        is_driven = definition.is_driven
        wires = Wires(
            note=None if definition.kind == "stream" else hooks.note,
            mark=hooks.mark,
            yielded=hooks.yielded if is_driven else None,
            resumed=hooks.resumed if is_driven else None,
            thrown=hooks.thrown if is_driven else None,
        )
        written = WatchedBody(self.constants, wires, declares=definition.form == "single").block(body)
        if self.call_sites is not None:
            written = self.call_sites.block(written)
        if wires.note is not None:
            written.append(self.constants.call(wires.note, ast.Constant(None, **NOWHERE)))
        failing = [self.constants.call(hooks.raised), ast.Raise(None, None, **NOWHERE)]
        handler = ast.ExceptHandler(self.constants.constant(BaseException), None, failing, **NOWHERE)
        return ast.Try(written, [handler], [], [self.constants.call(hooks.done)], **place_of_first(body))

    def _lambda_body(self, definition: Definition, hooks: Hooks, body: ast.expr) -> ast.expr:
        place = place_of_first([body])
        wires = Wires(note=None, mark=hooks.mark)
        reporting = body if self.call_sites is None else self.call_sites.expression(body)
        marked = WatchedBody(self.constants, wires).expression(reporting)
        entered = self.constants.report(hooks.enter, definition.parameters, place)
        watched = ast.Call(entered, [marked], [], **place)
        if definition.form == "single":
            return watched
        tallied = ast.Call(self.constants.constant(hooks.tally, place), [], [], **place)
        counted = ast.BoolOp(ast.Or(), [tallied, body], **place)
        return ast.IfExp(self._learnt(hooks, place), counted, watched, **place)


def _docstring_apart(body: list[ast.stmt]) -> tuple[list[ast.stmt], list[ast.stmt]]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return body[:1], rest or [ast.Pass(**NOWHERE)]
    return [], body


def _insert_behind_definitions(
    body: list[ast.stmt], script: Script, defined: ScriptHook, constants: Constants
) -> None:
    for run in reversed(script.runs):
        body.insert(run.end, constants.call(partial(defined, script, run)))
