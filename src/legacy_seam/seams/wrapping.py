"""A function that gets a wrapper of the same name: its code becomes the core, and something can be done around it.

Callers, aliases and tables that know the name get the wrapper, because it stands where the function stood. What the
function calls of itself goes to the core: one call from outside is one call of the wrapper.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from legacy_seam.seams.job import Job
from legacy_seam.seams.members import member_name, receiver, refuse_closed_classes, refuse_other_receivers
from legacy_seam.seams.passing import front, handed_on, put_behind, stem
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    GETTER,
    leave_unclear,
    leave_what_runs_early,
    names_within,
    refuse_asynchronous_generator,
    refuse_dunder,
    refuse_frames,
    refuse_nested,
    refuse_overloads,
    refuse_stub,
)
from legacy_seam.source import Function, Kind, Reference, Site
from legacy_seam.source.functions import dotted, own_nodes


def wrapped(job: Job, technique: str) -> Plan:
    """The plan that wraps the target.

    Args:
        job: with the options `name`, of the core, and `before` and `after`, of what the wrapper calls.
        technique: whose plan it is.

    Raises:
        Refused: where the target cannot have a wrapper that looks like it.
    """
    function, edits = job.function, job.edits
    _check(job)
    wanted = f"_{stem(job)}_core"
    core = member_name(job, wanted) if function.class_name else job.fresh_name(wanted)
    lines, local = _body(job, core)
    wrapper = front(edits, function, ("\n" + edits.margin(function.node) + edits.source.indent).join(lines))
    _redirect_recursion(job, core)
    _name_what_holds_it(job)
    put_behind(edits, function, core)
    gap = edits.source.newline * (1 if function.class_name else 2)
    edits.insert_lines_below(function.node, gap + wrapper)
    owner = f"{function.class_name}." if function.class_name else ""
    stub = "staticmethod({stub})" if function.class_name else "{stub}"
    point = EnablingPoint(job.target.module, f"{owner}{core} = {stub}", always=True)
    return job.plan(technique, introduces=[core, *local], enabling=[point])


def _check(job: Job) -> None:
    function = job.function
    refuse_nested(job)
    refuse_overloads(job, GETTER)
    if function.kind is Kind.PROPERTY:
        job.refuse(Reason.PROPERTY, function.first_line, "it is a property, which cannot be called", GETTER)
    refuse_dunder(job)
    refuse_stub(job)
    refuse_asynchronous_generator(job)
    refuse_frames(job)
    if _calls_its_core(function):
        job.refuse(Reason.ALREADY_DONE, function.node.lineno, f"`{function.name}` is a wrapper already")
    if function.class_name:
        if function.kind is not Kind.STATICMETHOD:
            receiver(job)
        refuse_closed_classes(job)
        refuse_other_receivers(job)


def _calls_its_core(function: Function) -> bool:
    called = (one.func for one in own_nodes(function.node) if isinstance(one, ast.Call))
    core = re.compile(rf"_{re.escape(function.name.strip('_'))}_core(_\d+)?")
    return any(core.fullmatch(dotted(one).rpartition(".")[2]) for one in called)


# --- the wrapper ------------------------------------------------------------------------------------------------


def _body(job: Job, core: str) -> tuple[list[str], list[str]]:
    """The statements of the wrapper, and the names of its own."""
    call = handed_on(job.function, core)
    before, after = (_called(job, option) for option in ("before", "after"))
    if not (before or after):
        return [call], []
    given = call[call.index("(", call.index(core)) + 1 : call.rindex(")")].rstrip(")")
    lines = [f"{before}({given})"] if before else []
    if not after:
        return [*lines, call], []
    result = next(one for one in ("result", "_result", "_result_") if one not in set(names_within(job.function)))
    lines.append(f"{result} = {call.removeprefix('return ')}")
    passed = f"{result}, {given}" if given else result
    return [*lines, f"{after}({passed})", f"return {result}"], [result]


def _called(job: Job, option: str) -> str | None:
    name = job.option(option)
    if name is None:
        return None
    if name.partition(".")[0] not in job.module.scope.bindings:
        reason = f"`{name}` is nothing that {job.target.module} knows: define or import it first"
        job.refuse(Reason.UNCLEAR_NAME, job.function.first_line, reason)
    return name


# --- recursion --------------------------------------------------------------------------------------------------


def _redirect_recursion(job: Job, core: str) -> None:
    """What the function calls of itself becomes a call of the core, where that is certain and nobody steps in."""
    found = list(_own_calls(job))
    if not found:
        return
    reason = _who_steps_in(job)
    for node, line in found:
        if reason:
            job.leave(Reason.UNSAFE, line, f"this call of itself goes through the wrapper: {reason}")
        elif isinstance(node, ast.Name):
            job.edits.replace(node, core)
        else:
            owner = job.edits.text(node.value)
            job.edits.replace(node, f"{owner}.{core}")


def _own_calls(job: Job) -> Iterator[tuple[ast.Name | ast.Attribute, int]]:
    function = job.function
    if function.class_name is None or function.kind is Kind.STATICMETHOD:
        for site in job.sites(f"{job.target.module}.{job.target.qualname}"):
            if site.line == function.node.lineno and site.call is None:
                continue
            if _is_own_call(job, site):
                yield site.node, site.line
        return
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    for node in own_nodes(function.node):
        called = node.func if isinstance(node, ast.Call) else None
        if not (isinstance(called, ast.Attribute) and called.attr == function.name):
            continue
        if isinstance(called.value, ast.Name) and called.value.id == parameters[0].arg:
            yield called, called.lineno


def _is_own_call(job: Job, site: Site) -> bool:
    if site.call is None or site.node is not site.call.func:
        return False
    return not (leave_unclear(job, site) or leave_what_runs_early(job, site))


def _who_steps_in(job: Job) -> str:
    """Why a call of the function by its own name may be meant to reach something else."""
    function = job.function
    decorators = [one for one in function.decorators if one not in ("staticmethod", "classmethod")]
    if decorators:
        return f"@{decorators[0]} is to see it too"
    if function.class_name:
        others = job.hierarchy.overrides(job.class_name or "", function.name)
        if others:
            return f"{others[0]} overrides it"
    path = _replaced_in(job)
    return f"{path} replaces `{function.name}` by its name" if path else ""


def _replaced_in(job: Job) -> str | None:
    """A file of the program that names the function in a string, as `mock.patch` and `setattr` do."""
    name = re.escape(job.function.name).encode()
    whole = re.escape(f"{job.target.module}.{job.target.qualname}").encode()
    sign = re.compile(rb"""['"](?:%b|%b)['"]""" % (whole, name))
    for path in job.program.files:
        try:
            raw = job.program.bytes_of(path)
        except OSError:
            continue
        if path != job.module.path and sign.search(raw) and (b"patch" in raw or b"setattr" in raw):
            return path.name
    return None


# --- aliases and tables -----------------------------------------------------------------------------------------


def _name_what_holds_it(job: Job) -> None:
    """Tell where the function is kept under another name: that holds the wrapper, as it held the function."""
    lines = sorted({one.line for one in job.module.references() if _keeps(job, one)})
    if lines:
        where = ", ".join(map(str, lines))
        job.notes.append(f"what keeps `{job.function.name}` under another name has the wrapper (line {where})")


def _keeps(job: Job, reference: Reference) -> bool:
    function = job.function
    if reference.names[-1] != function.name or reference.call is not None:
        return False
    if function.first_line <= reference.line <= function.last_line:
        return False
    meaning = job.module.meaning(reference)
    wanted = f"{job.target.module}.{job.target.qualname}"
    return getattr(meaning, "dotted", None) == wanted
