"""A call that a method makes, moved into a method of its own, which a subclass can override.

This is what Extract and Override Call and Extract and Override Factory Method have in common. The arguments stay
where they are: they are evaluated in the same order as before, and handed on.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Sequence

from legacy_seam.seams.job import Job
from legacy_seam.seams.members import (
    class_node,
    is_of_the_class,
    is_receiver,
    member_name,
    receiver,
    refuse_closed_classes,
    refuse_other_receivers,
)
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    GETTER,
    is_annotation,
    is_frame_sensitive,
    later,
    leave_unclear,
    leave_what_runs_early,
    refuse_nested,
)
from legacy_seam.source import Site


def extracted(job: Job, technique: str, full_name: str, wanted: str) -> Plan:
    """The plan that puts a method of the class in the place of the calls that the target makes of something.

    Args:
        job: what is asked.
        technique: its name.
        full_name: what is called.
        wanted: the name that the new method would like.

    Raises:
        Refused: where nothing can be done.
    """
    refuse_nested(job, GETTER)
    this = receiver(job, GETTER)
    if is_frame_sensitive(full_name):
        line = next((one.line for one in job.sites(full_name)), job.function.first_line)
        reason = f"`{full_name}` looks at the function that calls it, which would be another one"
        job.refuse(Reason.FRAME_SENSITIVE, line, reason, GETTER)
    sites = [one for one in job.sites(full_name) if _is_free(job, one, this)]
    if not sites:
        job.refuse_what_was_left()
        job.refuse_unused(full_name)
    refuse_closed_classes(job, GETTER)
    refuse_other_receivers(job, GETTER)
    code = _method(job, this, sites)
    name = _there_already(job, code, job.option("name") or wanted)
    if name is None:
        name = member_name(job, wanted, GETTER)
        job.edits.insert_below(job.function.node, code.format(name=name), blank=1)
    for site in sites:
        job.edits.replace(site.node, f"{this}.{name}")
    deeper = any(site.reference.scope.node is not job.function.node for site in sites)
    point = EnablingPoint(job.target.module, f"{job.function.class_name}.{name} = {{stub}}")
    return job.plan(technique, introduces=[name, *([this] if deeper else [])], enabling=[point])


def _is_free(job: Job, site: Site, this: str) -> bool:
    if is_annotation(site):
        return False
    if leave_unclear(job, site) or leave_what_runs_early(job, site):
        return False
    reference, name = site.reference, site.reference.names[0]
    if site.call is None:
        reason = f"`{job.edits.text(site.node)}` is not called here, but handed on"
        job.leave(Reason.NO_CALL, site.line, reason, GETTER)
        return False
    holder = reference.scope.holder(name)
    if holder is not None and holder.kind != "module":
        reason = f"`{name}` is a name of the function, which another method cannot see"
        job.leave(Reason.LOCAL_IMPORT, site.line, reason, GETTER)
        return False
    inner = later(job.function, reference)
    if inner is not None and not isinstance(inner, ast.GeneratorExp):
        reason = f"it stands in an inner function (line {inner.lineno}), which would keep `{this}` alive"  # type: ignore[attr-defined]
        job.leave(Reason.LATER, site.line, reason, GETTER)
        return False
    if not is_receiver(job, reference, this):
        job.leave(Reason.WRITTEN, site.line, f"`{this}` may be something else here than the object", GETTER)
        return False
    return True


def _method(job: Job, this: str, sites: Sequence[Site]) -> str:
    """The text of the new method, with `{name}` for its name."""
    spelled = job.edits.text(sites[0].node)
    taken, passed = _parameters([one.call for one in sites if one.call], {this, sites[0].reference.names[0]})
    decorator = "@classmethod\n" if is_of_the_class(job) else ""
    return f"{decorator}def {{name}}({', '.join([this, *taken])}):\n    return {spelled}({', '.join(passed)})"


def _parameters(calls: Sequence[ast.Call], taken: set[str]) -> tuple[list[str], list[str]]:
    """The parameters of the new method besides the first, and the arguments that it hands on.

    They are named after what the calls hand over, where all of them agree on that.
    """
    shapes = {(len(one.args), tuple(each.arg for each in one.keywords)) for one in calls}
    names = {tuple(map(_name_of, one.args)) for one in calls}
    if len(shapes) == len(names) == 1:
        (positional,), ((_, named),) = names, shapes
        found = [one for one in (*positional, *named) if one]
        if len(found) == len({*found} - taken) == len(positional) + len(named):
            return found, [*found[: len(positional)], *(f"{one}={one}" for one in named)]
    loose = [
        *(["*args"] if any(one.args for one in calls) else []),
        *(["**kwargs"] if any(one.keywords for one in calls) else []),
    ]
    return loose, loose


def _name_of(argument: ast.expr) -> str | None:
    """What an argument is called where it is handed over, if anything."""
    name = argument.id if isinstance(argument, ast.Name) else getattr(argument, "attr", None)
    if not isinstance(name, str) or keyword.iskeyword(name):
        return None
    return name.strip("_") or None


def _there_already(job: Job, code: str, wanted: str) -> str | None:
    """The name of a method that says the same already: one that another method's calls have got before."""
    expected = ast.dump(ast.parse(code.format(name=wanted)).body[0])
    same = (one for one in class_node(job).body if ast.dump(one) == expected)
    return wanted if next(same, None) is not None else None
