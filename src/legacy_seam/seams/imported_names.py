"""A name that a module imports from another one, everything that would miss it, and taking it out of its import."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from legacy_seam.seams.editing import Edits
from legacy_seam.seams.importers import importers
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.source import Exactly, Module, Reference
from legacy_seam.source.bindings import absolute
from legacy_seam.source.functions import dotted
from legacy_seam.source.scopes import Binding, By


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name that an import at the top of a module binds.

    name:      as the module knows it.
    node:      the import.
    alias:     the part of it.
    origin:    the full name of the module that it comes from, or that it is.
    attribute: what is taken out of that; None where the module itself is imported.
    """

    name: str
    node: ast.Import | ast.ImportFrom
    alias: ast.alias
    origin: str
    attribute: str | None

    @property
    def spelled_origin(self) -> str:
        """The module as the import spells it, with its dots."""
        if isinstance(self.node, ast.Import):
            return self.alias.name
        return "." * self.node.level + (self.node.module or "")


def imported_name(job: Job, name: str) -> ImportedName:
    """The import that gives the target's module a name.

    Raises:
        Refused: where it is no import, not the only one, or not certain to be made.
    """
    bindings = job.module.scope.bindings.get(name, [])
    if not bindings:
        job.refuse(Reason.NO_SUCH_TARGET, 0, f"{job.target.module} imports nothing by the name of {name}")
    if other := next((one for one in bindings if one.by is not By.IMPORT), None):
        job.refuse(Reason.NO_SUCH_TARGET, other.line, f"`{name}` is no import, or not only that")
    if len(bindings) > 1 or bindings[0].conditional:
        reason = f"`{name}` is imported under a condition, or more than once"
        job.refuse(Reason.UNCLEAR_NAME, bindings[-1].line, reason)
    found = _of(job.module, name, bindings[0])
    if found is None:
        job.refuse(Reason.UNCLEAR_NAME, bindings[0].line, f"where `{name}` comes from is beyond the top package")
    return found


def _of(module: Module, name: str, binding: Binding) -> ImportedName | None:
    node = binding.node
    assert isinstance(node, ast.Import | ast.ImportFrom)
    for alias in node.names:
        bound = alias.asname or (alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name)
        if bound != name:
            continue
        if isinstance(node, ast.Import):
            return ImportedName(name, node, alias, alias.name, None)
        origin = absolute("." * node.level + (node.module or ""), module.name, module.is_package)
        return ImportedName(name, node, alias, origin.rstrip("."), alias.name) if origin else None
    return None


def names_from(job: Job, origin: str) -> list[ImportedName]:
    """All names that the top of the target's module imports from another module, in the order of the text.

    Raises:
        Refused: where one of them is not certain (see `imported_name`).
    """
    found: list[ImportedName] = []
    for name, bindings in job.module.scope.bindings.items():
        if bindings[0].by is By.IMPORT:
            one = _of(job.module, name, bindings[0])
            if one and one.origin == origin:
                found.append(imported_name(job, name))
    return sorted(found, key=lambda one: (one.alias.lineno, one.alias.col_offset))


def uses(job: Job, name: str) -> list[Reference]:
    """Where the target's module uses a name of its own."""
    found = job.module.references()
    return [one for one in found if one.names[0] == name and one.scope.holder(name) is job.module.scope]


# --- who would miss it ------------------------------------------------------------------------------------------


def refuse_who_would_miss(job: Job, imported: ImportedName) -> None:
    """Refuse to take a name out of a module that something else finds there, or replaces there.

    Raises:
        Refused: naming the place.
    """
    name, line = imported.name, imported.alias.lineno
    if job.module.is_package:
        job.refuse(
            Reason.USED_ELSEWHERE, line, f"a package hands on what its `__init__` imports: `{name}` may be one"
        )
    for node in _strings(job.module):
        if _spells(node.value, name):  # type: ignore[arg-type]
            reason = f"this spells `{name}` as a name of the module (`__all__`, an annotation, a lookup)"
            job.refuse(Reason.USED_ELSEWHERE, node.lineno, reason)
    for one in importers(job.program, job.module):
        if name in one.names or "*" in one.names:
            reason = f"`{name}` is taken from {job.target.module} here"
            raise Refused(Refusal(Reason.USED_ELSEWHERE, one.module.path, one.line, reason))
    users = {one.module.path for one in importers(job.program, job.module)}
    here = f"{job.target.module}.{name}"
    for other in _spelling(job, name):
        _refuse_in(job, other, here, imported, is_user=other.path in users)


def _refuse_in(job: Job, other: Module, here: str, imported: ImportedName, *, is_user: bool) -> None:
    name = imported.name
    last = ".".join(here.split(".")[-2:])
    for node in _strings(other):
        text = str(node.value)
        if text in (here, last) or text.endswith(f".{last}") or (is_user and text == name):
            reason = f"`{name}` of {job.target.module} is replaced here, or looked up"
            raise Refused(Refusal(Reason.USED_ELSEWHERE, other.path, node.lineno, reason))
    there = f"{imported.origin}.{imported.attribute}"
    for reference in other.references():
        meaning = other.meaning(reference)
        possible = {meaning.dotted} if isinstance(meaning, Exactly) else meaning.candidates
        if any(one == here or one.startswith(f"{here}.") for one in possible):
            reason = f"`{name}` is taken from {job.target.module} here"
            raise Refused(Refusal(Reason.USED_ELSEWHERE, other.path, reference.line, reason))
        full = meaning.dotted if isinstance(meaning, Exactly) else ""
        around = reference.above.node
        is_set = isinstance(around, ast.Attribute) and not isinstance(around.ctx, ast.Load)
        if is_set and f"{full}.{around.attr}" in (here, there):  # type: ignore[attr-defined]
            reason = f"`{full}.{around.attr}` is set here"  # type: ignore[attr-defined]
            raise Refused(Refusal(Reason.WRITTEN, other.path, reference.line, reason))


def refuse_rebinding(job: Job, imported: ImportedName) -> None:
    """Refuse where what is imported may become something else later: then it matters when it is looked up.

    Raises:
        Refused: naming the place.
    """
    origin = job.program.module(imported.origin)
    if origin is None or imported.attribute is None:
        return
    if not isinstance(origin, Module):
        raise Refused(Refusal(Reason.UNPARSABLE, origin.path, origin.line, origin.reason))
    for node in ast.walk(origin.tree):
        if isinstance(node, ast.Global) and imported.attribute in node.names:
            reason = f"`{imported.attribute}` becomes something else here; it matters when it is looked up"
            raise Refused(Refusal(Reason.WRITTEN, origin.path, node.lineno, reason))


def _spelling(job: Job, name: str) -> Iterator[Module]:
    """The other modules of the program whose text has a name in it."""
    for path in job.program.files:
        if path == job.module.path:
            continue
        try:
            raw = job.program.bytes_of(path)
        except OSError:
            continue
        found = job.program.read(path, raw) if name.encode() in raw else None
        if isinstance(found, Module):
            yield found


def _strings(module: Module) -> Iterator[ast.Constant]:
    """The strings of a module that are not just standing there."""
    alone = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node


def _spells(text: str, name: str) -> bool:
    """Is a text an expression in which a name is used?"""
    if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        return False
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and dotted(node).endswith(f".{name}"))
        for node in ast.walk(tree)
    )


# --- taking it out ----------------------------------------------------------------------------------------------


def without_names(edits: Edits, gone: list[ImportedName], instead: str = "") -> None:
    """Take names out of one import, and put another import in its place or above what is left of it.

    Raises:
        Refused: where what is left shares its line with another statement.
    """
    node = gone[0].node
    if len(gone) == len(node.names):
        if instead:
            edits.replace(node, instead)
        else:
            last = node.end_lineno or node.lineno
            edits.margin(node)
            edits.remove_lines(node.lineno, last)
        return
    if instead:
        edits.insert_above(node, instead)
    left = [one for one in node.names if all(one is not each.alias for each in gone)]
    start, _ = edits.span(node.names[0])
    _, end = edits.span(node.names[-1])
    text = edits.source.text
    if "(" in text[edits.span(node)[0] : start] and all(_has_its_lines(edits, one.alias) for one in gone):
        for one in gone:
            edits.remove_lines(one.alias.lineno, one.alias.end_lineno or one.alias.lineno)
        return
    edits.patch(start, end, ", ".join(edits.text(one) for one in left))


def _has_its_lines(edits: Edits, alias: ast.alias) -> bool:
    """Stands a part of an import on lines of its own?"""
    start, end = edits.span(alias)
    top, bottom = edits.source.line_at(start), edits.source.line_at(end)
    before = edits.source.text[edits.source.offsets[top - 1] : start]
    after = edits.source.text[end : edits.source.offsets[bottom]]
    return not before.strip() and re.fullmatch(r"\s*,?\s*(?:#.*)?\s*", after) is not None
