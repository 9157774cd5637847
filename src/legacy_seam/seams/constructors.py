"""A constructor that is to take one more keyword: is it written by hand, and what else is given its arguments?"""

from __future__ import annotations

import ast
import collections
import inspect
import re
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.members import (
    class_node,
    family,
    of_the_library,
    refuse_at,
    refuse_class_decorators,
    refuse_metaclasses,
)
from legacy_seam.seams.new_parameter import refuse_new_parameter
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.preconditions import GETTER, foreign_bases, refuse_nested
from legacy_seam.source import Kind
from legacy_seam.targets import Target

FACTORY: Final = "extract-and-override-factory-method"
_MAKERS: Final = re.compile(r"^(dataclasses\.|attrs?\.|pydantic\.)")
_TAKES_ANYTHING: Final = (BaseException, list, dict, set, bytearray, collections.deque)
"""Classes of the library whose `__new__` takes whatever `__init__` is given."""


def find_constructor(job: Job) -> None:
    """Take `A` for `A.__init__`, where the target of a job is a class.

    Raises:
        Refused: where the class has no constructor of its own.
    """
    known = job.hierarchy.get(str(job.target).replace(":", "."))
    if known is not None and known.module == job.target.module:
        constructor = Target(job.target.module, f"{job.target.qualname}.__init__")
        if not job.module.functions_named(constructor.qualname):
            reason = f"`{job.target.qualname}` has no `__init__` of its own"
            job.refuse(Reason.SPECIAL_CLASS, known.line, reason)
        job.target = constructor


def refuse_constructor(job: Job, full_name: str) -> None:
    """Refuse a constructor that cannot take one more keyword, or is none.

    Args:
        job: its target is the constructor.
        full_name: what the keyword shall stand for.

    Raises:
        Refused: naming the line, of a base too.
    """
    function = job.function
    refuse_nested(job, GETTER)
    if function.name != "__init__" or function.kind is not Kind.METHOD:
        reason = f"`{function.name}` is no constructor"
        job.refuse(Reason.NO_METHOD, function.node.lineno, reason, "parameterize-method", FACTORY)
    refuse_new_parameter(job, full_name, FACTORY)
    _refuse_class(job)


def _refuse_class(job: Job) -> None:
    node = class_node(job)
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _MAKERS.match(job.module.full_name_of(called)):
            reason = f"@{job.edits.text(called)} makes the constructor, or counts on how it is called"
            job.refuse(Reason.SPECIAL_CLASS, decorator.lineno, reason, FACTORY)
    refuse_class_decorators(job, FACTORY)
    refuse_metaclasses(job, FACTORY)
    if foreign := foreign_bases(job):
        reason = f"its class inherits from {', '.join(foreign)}, which may look at its constructor"
        job.refuse(Reason.OUTSIDE_BASE, node.lineno, reason, GETTER)
    for module, one in family(job):
        for member in one.body:
            if isinstance(member, ast.FunctionDef) and member.name == "__new__" and not member.args.kwarg:
                reason = f"`__new__` of `{one.name}` is given the same arguments, and would not take a new one"
                refuse_at(module, member.lineno, Reason.SPECIAL_CLASS, reason, FACTORY)
    for base in job.hierarchy.outside(job.class_name or ""):
        if not _takes_any_keyword(base):
            reason = f"{base} is given the same arguments, and would not take a new one"
            job.refuse(Reason.SPECIAL_CLASS, node.lineno, reason, FACTORY)


def _takes_any_keyword(base: str) -> bool:
    """Are objects of a class of the library made without a look at what the constructor is given?"""
    found = of_the_library(base)
    if not isinstance(found, type):
        return False
    if any("__call__" in vars(one) for one in inspect.getmro(type(found)) if one is not type):
        return False
    maker: object = found.__new__
    return maker is object.__new__ or issubclass(found, _TAKES_ANYTHING)
