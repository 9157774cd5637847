"""A context manager that puts something else in the place of a variable: it goes, and the variable stays."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.mentions import refuse_mentions
from legacy_seam.seams.passing import has_docstring_and_more
from legacy_seam.seams.technique import Example, Refuses
from legacy_seam.source.functions import dotted

EXAMPLES_OF_SETTERS: Sequence[Example | Refuses] = (
    Example(
        "a static setter",
        before='''
            import contextlib
            import queue

            client = queue.Queue()


            @contextlib.contextmanager
            def override_client(value):
                """Let `client` be something else for the length of a `with` block."""
                global client
                before = client
                client = value
                try:
                    yield value
                finally:
                    client = before


            def f():
                return client.empty()
        ''',
        after="""
            import queue

            client = queue.Queue()


            def f():
                return client.empty()
        """,
        target="override_client",
        calls=["f()"],
    ),
)

_SHAPE: Final = "before = {place}\n{place} = value\ntry:\n    yield value\nfinally:\n    {place} = before"


def is_setter(job: Job) -> bool:
    """Is the target what `introduce-static-setter` made?"""
    node = job.function.node
    if [dotted(one) for one in node.decorator_list] != ["contextlib.contextmanager"]:
        return False
    body = node.body[has_docstring_and_more(node) :]
    body = body[1:] if body and isinstance(body[0], ast.Global) else body
    first = body[0] if body else None
    if not isinstance(first, ast.Assign):
        return False
    expected = ast.parse(_SHAPE.format(place=ast.unparse(first.value)))
    return [ast.dump(one) for one in body] == [ast.dump(one) for one in expected.body]


def retire_setter(job: Job) -> list[str]:
    """Take the context manager out of the target's module, and the import that nothing else needs.

    Returns:
        the names that are gone.

    Raises:
        Refused: where something else needs it.
    """
    edits, node = job.edits, job.function.node
    refuse_mentions(job, node.name, [edits.name_span(node)], f"`{node.name}` is used here, and would be gone")
    edits.remove_statement(node)
    used = [one for one in job.module.references() if one.names[0] == "contextlib"]
    imports = [one for one in job.module.tree.body if isinstance(one, ast.Import)]
    alone = [one for one in imports if ast.unparse(one) == "import contextlib"]
    if len(used) > 1 or not alone:
        return [node.name]
    edits.remove_lines(alone[0].lineno, alone[0].lineno)
    return [node.name, "contextlib"]
