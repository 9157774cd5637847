"""Extract Interface: what users of a class may count on, as a `typing.Protocol` that a double can satisfy."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.imports import put_in, put_in_name, spelled
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.protocols import Members, members_of
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Exactly
from legacy_seam.source.functions import dotted


class ExtractInterface:
    """`Account` gets an `AccountLike` above it: its public members, with their signatures and types.

    Nothing inherits from it and nothing is changed: a class is an `AccountLike` by having these members. Put the
    name where an annotation says `Account`, and a type checker says which double is one.
    """

    name: ClassVar = "extract-interface"
    feathers: ClassVar = "Extract Interface"
    summary: ClassVar = "Writes a `typing.Protocol` with the public members of a class above it."
    when: ClassVar = (
        "When code that takes an object should say what it needs of it, so that a double, or a model, can stand in"
        " its place. It adds a type and changes no behaviour."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The class stands at the top of its module, and has public members.",
        "It is no Enum, TypedDict or protocol itself.",
        "What has a type that is a name within the class, or an unknown decorator, is left out.",
        "`Protocol` or `typing` is free in the module, or what it should be already.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "of the protocol; by default `AccountLike` for `Account`"),
        Option("members", "the members that count, with commas between them; by default all public ones"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "methods of all kinds, properties, attributes",
            before='''
                from decimal import Decimal
                from typing import ClassVar

                class Account:
                    """An account."""

                    currency: ClassVar[str] = "EUR"
                    limit = 100

                    def __init__(self, owner: "Person", balance: Decimal = Decimal(0)) -> None:
                        self.owner = owner
                        self._balance = balance
                        self.history: list[Decimal] = []

                    @property
                    def balance(self) -> Decimal:
                        return self._balance

                    @balance.setter
                    def balance(self, value: Decimal) -> None:
                        self._balance = value

                    @classmethod
                    def of(cls, owner: "Person", /, *, limit: int | None = None) -> "Account":
                        return cls(owner)

                    async def send(self, amount, *to: "Account", note="", **more: object) -> None:
                        pass

                    def _check(self):
                        pass
            ''',
            after='''
                from decimal import Decimal
                from typing import ClassVar, Protocol

                class AccountLike(Protocol):
                    """What users of `Account` may count on."""

                    currency: ClassVar[str]
                    limit: int
                    owner: "Person"
                    history: list[Decimal]

                    @property
                    def balance(self) -> Decimal: ...

                    @balance.setter
                    def balance(self, value: Decimal) -> None: ...

                    @classmethod
                    def of(cls, owner: "Person", /, *, limit: int | None = ...) -> "Account": ...

                    async def send(self, amount, *to: "Account", note=..., **more: object) -> None: ...


                class Account:
                    """An account."""

                    currency: ClassVar[str] = "EUR"
                    limit = 100

                    def __init__(self, owner: "Person", balance: Decimal = Decimal(0)) -> None:
                        self.owner = owner
                        self._balance = balance
                        self.history: list[Decimal] = []

                    @property
                    def balance(self) -> Decimal:
                        return self._balance

                    @balance.setter
                    def balance(self, value: Decimal) -> None:
                        self._balance = value

                    @classmethod
                    def of(cls, owner: "Person", /, *, limit: int | None = None) -> "Account":
                        return cls(owner)

                    async def send(self, amount, *to: "Account", note="", **more: object) -> None:
                        pass

                    def _check(self):
                        pass
            ''',
            target="Account",
            calls=["Account.of('bob').balance", "Account('bob').owner"],
        ),
        Example(
            "some members of a generic class",
            before="""
                import typing as t

                T = t.TypeVar("T")

                class Box(t.Generic[T]):
                    def get(self, default: T) -> T:
                        return default

                    def __len__(self) -> int:
                        return 1

                    def close(self):
                        pass
            """,
            after='''
                import typing as t

                T = t.TypeVar("T")

                class Sized(t.Protocol[T]):
                    """What users of `Box` may count on."""

                    def get(self, default: T) -> T: ...

                    def __len__(self) -> int: ...


                class Box(t.Generic[T]):
                    def get(self, default: T) -> T:
                        return default

                    def __len__(self) -> int:
                        return 1

                    def close(self):
                        pass
            ''',
            target="Box",
            options={"name": "Sized", "members": "get,__len__"},
            calls=["Box().get(1), len(Box())"],
        ),
        Example(
            "what cannot be copied is left out",
            before="""
                import dataclasses

                @dataclasses.dataclass(frozen=True)
                class A:
                    Key = str
                    size: int = 1

                    def by(self, key: Key) -> int:
                        return self.size

                    async def rows(self):
                        yield self.size
            """,
            after='''
                import dataclasses
                from typing import Protocol

                class ALike(Protocol):
                    """What users of `A` may count on."""

                    @property
                    def size(self) -> int: ...

                    def rows(self): ...


                @dataclasses.dataclass(frozen=True)
                class A:
                    Key = str
                    size: int = 1

                    def by(self, key: Key) -> int:
                        return self.size

                    async def rows(self):
                        yield self.size
            ''',
            target="A",
            calls=["A(3)"],
            leaves=[Reason.CLASS_BODY],
        ),
        Refuses(
            "no public members",
            before="""
                class A:
                    def _f(self):
                        return 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
            target="A",
        ),
        Refuses(
            "a member that is not there",
            before="""
                class A:
                    def f(self):
                        return 1
            """,
            code=Reason.NO_SUCH_TARGET,
            line=1,
            target="A",
            options={"members": "f,g"},
        ),
        Refuses(
            "a class whose attributes are something else",
            before="""
                import enum

                class A(enum.Enum):
                    RED = 1
            """,
            code=Reason.SPECIAL_CLASS,
            line=3,
            target="A",
        ),
        Refuses(
            "a class within a class",
            before="""
                class A:
                    class B:
                        def f(self):
                            return 1
            """,
            code=Reason.NESTED,
            line=2,
            target="A.B",
        ),
        Refuses(
            "the name is taken",
            before="""
                from shop import AccountLike

                class Account:
                    def f(self):
                        return 1
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            target="Account",
            options={"name": "AccountLike"},
        ),
        Refuses(
            "`Protocol` is something else",
            before="""
                Protocol, typing = "http", "slow"

                class A:
                    def f(self):
                        return 1
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            target="A",
        ),
        Refuses(
            "there already",
            before="""
                from typing import Protocol

                class ALike(Protocol):
                    def f(self): ...

                class A:
                    def f(self):
                        return 1
            """,
            code=Reason.ALREADY_DONE,
            line=3,
            target="A",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        node = self._class(job)
        wanted = job.option("name") or f"{node.name.strip('_')}Like"
        self._refuse_again(job, wanted)
        name = job.fresh_name(wanted)
        chosen = [one.strip() for one in (job.option("members") or "").split(",") if one.strip()] or None
        members = members_of(job.module, node, chosen)
        self._tell(job, node, members, chosen)
        protocol, introduced = self._protocol(job, node)
        types = [job.edits.text(one) for one in getattr(node, "type_params", ())]
        brackets = f"[{', '.join(types)}]" if types else ""
        body = [f'"""What users of `{node.name}` may count on."""']
        body += ["\n".join(members.fields)] if members.fields else []
        body += members.methods
        inner = "\n\n".join(body).replace("\n", "\n    ").replace("\n    \n", "\n\n")
        job.edits.insert_above(node, f"class {name}{brackets}({protocol}):\n    {inner}", blank=2)
        return job.plan(self.name, introduces=[name, *introduced])

    def _class(self, job: Job) -> ast.ClassDef:
        wanted = job.target.qualname
        known = job.hierarchy.get(f"{job.target.module}.{wanted}") if job.module else None
        if known is None or known.module != job.target.module:
            return job.refuse(Reason.NO_SUCH_TARGET, 0, f"there is no class {wanted}")
        for one in job.module.tree.body:
            if isinstance(one, ast.ClassDef) and one.lineno == known.line:
                self._refuse_special(job, one)
                return one
        return job.refuse(Reason.NESTED, known.line, f"`{wanted}` does not stand at the top of its module")

    def _refuse_special(self, job: Job, node: ast.ClassDef) -> None:
        for base in job.hierarchy.ancestors(f"{job.target.module}.{node.name}"):
            if base.startswith("enum.") or base.rpartition(".")[2] in ("TypedDict", "Protocol"):
                reason = (
                    f"`{node.name}` is a {base.rpartition('.')[2]}, whose attributes are not those of its objects"
                )
                job.refuse(Reason.SPECIAL_CLASS, node.lineno, reason)

    def _refuse_again(self, job: Job, name: str) -> None:
        for one in job.module.tree.body:
            if (
                isinstance(one, ast.ClassDef)
                and one.name == name
                and any("Protocol" in ast.unparse(b) for b in one.bases)
            ):
                job.refuse(Reason.ALREADY_DONE, one.lineno, f"`{name}` is a protocol already")

    def _tell(self, job: Job, node: ast.ClassDef, members: Members, chosen: Sequence[str] | None) -> None:
        """Say what is left out, and refuse where nothing remains or something is asked for in vain."""
        text = "\n".join([*members.fields, *members.methods])
        left = {*members.untyped, *(name for name, _, _ in members.strange)}
        for name in chosen or ():
            if name not in left and f"{name}:" not in text and f"def {name}" not in text:
                job.refuse(Reason.NO_SUCH_TARGET, node.lineno, f"`{node.name}` has no member `{name}` of its own")
        for _, line, reason in members.strange:
            code = Reason.DECORATED if reason.startswith("@") else Reason.CLASS_BODY
            job.leave(code, line, f"{reason}; it is left out")
        if members.untyped:
            job.notes.append(f"left out, because no type is said: {', '.join(members.untyped)}")
        if node.bases:
            job.notes.append("what the class inherits is left out: extract an interface of its bases as well")
        if not text:
            job.refuse(Reason.NOTHING_TO_DO, node.lineno, f"`{node.name}` has no public members that can be copied")

    def _protocol(self, job: Job, node: ast.ClassDef) -> tuple[str, list[str]]:
        """How `Protocol` is spelled, after an import if need be, and the names that are new."""
        arguments = next(
            (
                job.edits.text(one.slice)
                for one in node.bases
                if isinstance(one, ast.Subscript) and dotted(one.value).rpartition(".")[2] == "Generic"
            ),
            "",
        )
        brackets = f"[{arguments}]" if arguments else ""
        known = job.module.meaning_of(("Protocol",), job.module.scope, node.lineno)
        if isinstance(known, Exactly) and known.dotted in ("typing.Protocol", "typing_extensions.Protocol"):
            return f"Protocol{brackets}", []
        typing = spelled(job, "typing", node.lineno)
        if typing:
            return f"{typing}.Protocol{brackets}", []
        if job.line_using("Protocol") is None or job.line_using("typing") is not None:
            put_in_name(job, "typing", "Protocol")
            return f"Protocol{brackets}", ["Protocol"]
        put_in(job, "typing")
        return f"typing.Protocol{brackets}", ["typing"]
