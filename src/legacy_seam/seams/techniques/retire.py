"""Retire: a seam that has done its work goes, and with it the code that lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.preconditions import names_within, refuse_nested
from legacy_seam.seams.retiring.getter import EXAMPLES_OF_GETTERS, getter_of, retire_getter
from legacy_seam.seams.retiring.parameter import EXAMPLES_OF_PARAMETERS, parameters_of_seams, retire_parameter
from legacy_seam.seams.retiring.pointer import EXAMPLES_OF_POINTERS, Pointer, pointer_of, retire_pointer
from legacy_seam.seams.retiring.setter import EXAMPLES_OF_SETTERS, is_setter, retire_setter
from legacy_seam.seams.technique import Example, Option, Refuses


class Retire:
    """The way back from model-seam, replace-global-reference-with-getter and the techniques that add a parameter.

    Every place of the program that spells a name which would be gone is looked for, strings included.
    """

    name: ClassVar = "retire"
    feathers: ClassVar = ""
    summary: ClassVar = "Takes a seam out again, and the code that lost."
    when: ClassVar = (
        "When the model has won, or the legacy code has; when no test needs a getter or a parameter any more."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a function that asks a function pointer or the core that it wraps and does nothing else, a"
        " getter, a static setter, or has a parameter that is `None` by default and is given its value in the"
        " function.",
        "Nothing else in the program, tests included, uses a name that would be gone.",
        "A candidate that stays has a name of the module.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "the parameter that goes; without it, the function pointer or the getter"),
        Option("keep", "`legacy` or `candidate`: whose code stays; by default the one that is asked now"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        *EXAMPLES_OF_POINTERS,
        *EXAMPLES_OF_GETTERS,
        *EXAMPLES_OF_PARAMETERS,
        *EXAMPLES_OF_SETTERS,
        Refuses(
            "no seam",
            before="""
                def f(a):
                    return a + 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        refuse_nested(job)
        name, keep = job.option("name"), job.option("keep")
        if keep not in (None, "legacy", "candidate"):
            job.refuse(Reason.OPTION_MISSING, 0, f"--with keep={keep}: say legacy or candidate")
        parameters = parameters_of_seams(job)
        if name:
            for one in parameters:
                if one.name == name:
                    return job.plan(self.name, retires=retire_parameter(job, one))
            self._no_seam(
                job, f"`{job.target.qualname}` has no parameter `{name}` that is `None` and replaced in it"
            )
        pointer = pointer_of(job)
        if pointer:
            return self._without_pointer(job, pointer, keep or ("legacy" if pointer.is_legacy else "candidate"))
        getter = getter_of(job)
        if getter:
            return job.plan(self.name, retires=retire_getter(job, getter))
        if is_setter(job):
            return job.plan(self.name, retires=retire_setter(job))
        if parameters:
            names = " or ".join(one.name for one in parameters)
            line = job.function.node.lineno
            job.refuse(Reason.OPTION_MISSING, line, f"say which parameter goes with --name: {names}")
        return self._no_seam(
            job, f"`{job.target.qualname}` asks no function pointer or core, and is no getter and no setter"
        )

    def _no_seam(self, job: Job, reason: str) -> Plan:
        return job.refuse(Reason.NOTHING_TO_DO, job.function.node.lineno, reason)

    def _without_pointer(self, job: Job, pointer: Pointer, keep: str) -> Plan:
        gone = retire_pointer(job, pointer, keep)
        if keep == "legacy" and not pointer.is_legacy:
            job.notes.append(f"`{pointer.name}` was a candidate: the program behaves as the legacy code again.")
        moved = [*names_within(pointer.legacy), "__class__"] if keep == "legacy" else []
        return job.plan(self.name, introduces=moved, retires=gone)
