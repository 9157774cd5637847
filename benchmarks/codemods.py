"""What finding, cutting and surveying cost on other people's programs, beside peers; and what is left alone there.

    python benchmarks/codemods.py DIRECTORY... [--every 10] [--only find,clock,open,survey,sweep]

Each DIRECTORY holds packages: an unpacked release, the standard library. Of all its files every tenth is taken,
sorted by path (`--every 1` takes all). Costs are seconds of one processor, of the same files in the same run;
libcst is given so many of them, evenly spread, as have 20,000 lines, and its cost is put up to all lines:

- find:   every use of a clock; beside `ast.parse` of all files, which tells how fast the machine is now, rope's
          occurrence finder (which follows one of them) and ast-grep (which matches text, and resolves no names);
- clock:  a getter, or a parameter, for every clock that a function uses; beside a libcst command which resolves
          names and puts in the same getters. All files that both edit must come out the same, byte for byte;
- open:   the same for `open`, which most programs use everywhere;
- survey: 200,000 lines, and the memory of all its processes together;
- sweep:  each technique at every clock, random source and way out. Counts what gets a seam, what is refused why,
          what does not compile, and bytes that changed outside the patches. The whole program is read for its
          classes.

Nothing is written to the directories. Peers are in the dependency group `bench`.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from legacy_seam.seams.alternatives import alternatives
from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Change, Plan, Reason, Refusal, Refused
from legacy_seam.source import Module, Program, Site, Skipped, find
from legacy_seam.source.search import Wanted
from legacy_seam.targets import Target

CLOCK = ("datetime.datetime.now", "time.time")
OPEN = ("builtins.open",)
WAYS_OUT = (
    *("time.time", "time.monotonic", "time.perf_counter", "time.sleep", "time.localtime", "time.gmtime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("random.random", "random.randint", "random.randrange", "random.choice", "random.shuffle", "random.sample"),
    *("random.uniform", "random.getrandbits", "secrets.token_hex", "secrets.choice", "uuid.uuid1", "uuid.uuid4"),
    *("os.urandom", "os.getenv", "os.environ.get", "os.getcwd", "os.getpid", "builtins.open", "io.open", "os.open"),
    *("os.listdir", "os.scandir", "os.walk", "os.stat", "os.path.exists", "os.path.isfile", "os.path.isdir"),
    *("os.remove", "os.unlink", "os.rename", "os.replace", "os.makedirs", "os.mkdir", "shutil.rmtree"),
    *("shutil.copy", "tempfile.mkdtemp", "tempfile.mkstemp", "subprocess.run", "subprocess.Popen", "os.system"),
    *("subprocess.check_output", "socket.socket", "socket.create_connection", "urllib.request.urlopen"),
    *("sqlite3.connect", "builtins.input"),
)
GETTER = "replace-global-reference-with-getter"
PARAMETERS = ("parameterize-method", "parameterize-constructor")
TECHNIQUES = (GETTER, "extract-and-override-call", *PARAMETERS)
SURVEYED = 200_000
PEER_LINES = 20_000
PATIENCE = 600
"""Seconds after which a peer is given up."""

LIBCST = """
import hashlib, json, re, sys, time
from pathlib import Path
import libcst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.metadata import BuiltinScope, GlobalScope, QualifiedNameProvider, ScopeProvider

class Getters(VisitorBasedCodemodCommand):
    METADATA_DEPENDENCIES = (QualifiedNameProvider, ScopeProvider)

    def __init__(self, context, text):
        super().__init__(context)
        self.depth, self.text, self.found = 0, text, {}

    def visit_FunctionDef(self, node):
        self.depth += 1

    def leave_FunctionDef(self, node, updated):
        self.depth -= 1
        return updated

    def leave_Call(self, node, updated):
        first = node.func
        while isinstance(first, libcst.Attribute):
            first = first.value
        if not isinstance(first, libcst.Name):
            return updated  # open(path).close() has the qualified name of open
        scope = self.get_metadata(ScopeProvider, node.func, None)
        if not scope or not all(isinstance(one.scope, (BuiltinScope, GlobalScope)) for one in scope[first.value]):
            return updated  # a name of the function, which a getter does not see
        names = {one.name for one in self.get_metadata(QualifiedNameProvider, node.func, ())}
        if not (self.depth and len(names) == 1 and names <= targets):
            return updated
        last = min(names).rpartition(".")[2]
        free = (one for one in ("_" + last, "_get_" + last) if not re.search(rf"(?<!\\w){one}(?!\\w)", self.text))
        name, written, given = self.found.get(min(names)) or (next(free), node.func, [])
        self.found[min(names)] = (name, written, given + [len(node.args)])
        return updated.with_changes(func=libcst.Name(name))

    def leave_Module(self, node, updated):
        body = list(updated.body)
        for name, written, given in self.found.values():
            parameters = "*args, **kwargs" if any(given) else ""
            code = libcst.Module([]).code_for_node(written)
            getter = f"def {name}({parameters}):\\n    return {code}({parameters})\\n"
            uses = re.compile(rf"(?<!\\w){name}(?!\\w)")
            at, user = next(one for one in enumerate(body) if uses.search(libcst.Module([one[1]]).code))
            lines, two = list(user.leading_lines), [libcst.EmptyLine(indent=False)] * 2
            own = next((len(lines) - back for back, one in enumerate(lines[::-1]) if not one.comment), 0)
            getter = libcst.parse_statement(getter, updated.config_for_parsing)
            getter = getter.with_changes(leading_lines=lines[:own] or two)
            body[at : at + 1] = [getter, user.with_changes(leading_lines=two + lines[own:])]
        return updated.with_changes(body=body)

targets, paths = set(sys.argv[1].split(",")), json.load(sys.stdin)
began, sites, failed, edited = time.process_time(), 0, 0, {}
for path in paths:
    try:
        raw = Path(path).read_bytes()
        module = libcst.parse_module(raw)
        command = Getters(CodemodContext(filename=path), module.code)
        after = command.transform_module(module).bytes
        if command.found:
            edited[path] = hashlib.sha256(after).hexdigest()
            sites += sum(len(given) for _, _, given in command.found.values())
    except Exception:
        failed += 1
seconds = time.process_time() - began
print(json.dumps({"seconds": seconds, "sites": sites, "failed": failed, "edited": edited}))
"""

ROPE = """
import json, sys, time
from rope.base.project import Project
from rope.contrib.findit import find_occurrences
directory, file, offset = sys.argv[1], sys.argv[2], int(sys.argv[3])
began = time.process_time()
project = Project(directory, ropefolder=None)
found = find_occurrences(project, project.get_resource(file), offset)
print(json.dumps({"seconds": time.process_time() - began, "sites": len(found), "failed": 0}))
"""


@dataclass(frozen=True)
class Corpus:
    """Files of other people's programs.

    root:    of the whole of them.
    program: all of it.
    files:   those that are taken.
    lines:   of those.
    """

    name: str
    root: Path
    program: Program
    files: tuple[Path, ...]
    lines: int

    @classmethod
    def at(cls, root: Path, every: int) -> Corpus:
        """Every so-manieth file below a directory."""
        program = Program.at([root], roots=[root])
        files = tuple(sorted(program.files)[::every])
        return cls(root.name, root, program, files, sum(map(_lines_of, files)))

    @property
    def taken(self) -> Program:
        """A program of what is taken only."""
        return Program(self.files, self.program.roots)

    def copied(self, place: Path, files: Iterable[Path]) -> None:
        """Put files below another directory, as they lie below this one."""
        for path in files:
            copy = place / path.relative_to(self.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    @property
    def sample(self) -> tuple[Path, ...]:
        """What of the files is given to a peer that takes minutes."""
        return self.files[:: max(1, self.lines // PEER_LINES)]


@dataclass(frozen=True)
class Cost:
    """Seconds of one processor, and what was got for them.

    edited: what files would become, by digests.
    part:   of the lines, what was really worked on; the seconds are those of all.
    """

    seconds: float
    sites: int
    failed: int = 0
    edited: Mapping[str, str] = field(default_factory=dict)
    part: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=10, metavar="N", help="take every Nth file")
    parser.add_argument("--only", default="find,clock,open,survey,sweep")
    options = parser.parse_args()
    corpora = [Corpus.at(one.resolve(), options.every) for one in options.directories]
    for one in corpora:
        print(
            f"{one.name}: {len(one.files):,} of {len(one.program.files):,} files, {one.lines:,} lines", flush=True
        )
    parts = options.only.split(",")
    if "find" in parts:
        for one in corpora:
            tell_find(one)
    for name, targets in (("clock", CLOCK), ("open", OPEN)):
        if name in parts:
            for one in corpora:
                tell_codemod(one, name, targets)
    if "survey" in parts:
        tell_survey(corpora)
    if "sweep" in parts:
        tell_sweep(corpora)


# --- find ---------------------------------------------------------------------------------------------------


def tell_find(corpus: Corpus) -> None:
    began = time.process_time()
    sites = list(find(corpus.taken, CLOCK))
    ours = Cost(time.process_time() - began, len(sites))
    _row(corpus, "find", "legacy-seam", ours, ours)
    _row(corpus, "find", "ast.parse", parsed(corpus), ours)
    with tempfile.TemporaryDirectory() as place:
        corpus.copied(Path(place), corpus.files)
        _row(corpus, "find", "ast-grep", ast_grep(Path(place)), ours)
        followed = next((one for one in sites if len(one.reference.names) > 1 and one.node.end_col_offset), None)
        if followed:
            source = followed.module.source
            offset = source.offset(followed.node.end_lineno or 0, followed.node.end_col_offset or 0) - 1
            file = followed.module.path.relative_to(corpus.root).as_posix()
            peer = [sys.executable, "-c", ROPE, place, file, str(offset)]
            _row(corpus, "find", "rope", _peer(peer), ours)


def parsed(corpus: Corpus) -> Cost:
    """Parse all files, and do nothing with them."""
    began, failed = time.process_time(), 0
    for path in corpus.files:
        failed += isinstance(corpus.program.read(path), Skipped)
    return Cost(time.process_time() - began, 0, failed)


def ast_grep(place: Path) -> Cost | None:
    """Search for the patterns by which the clocks are most often written."""
    binary = shutil.which("ast-grep") or shutil.which("ast-grep", path=str(Path(sys.executable).parent))
    if binary is None:
        return None
    seconds, sites = 0.0, 0
    for pattern in ("datetime.datetime.now($$$A)", "datetime.now($$$A)", "time.time()"):
        before = _children()
        command = [binary, "run", "--pattern", pattern, "--lang", "python", "--json=stream", str(place)]
        answer = subprocess.run(command, capture_output=True, check=False)
        seconds += _children() - before
        sites += len(answer.stdout.splitlines())
    return Cost(seconds, sites)


# --- codemods -----------------------------------------------------------------------------------------------


def tell_codemod(corpus: Corpus, name: str, targets: Sequence[str]) -> None:
    getter = edited(corpus, GETTER, targets)
    _row(corpus, name, "getter", getter, getter)
    libcst = commanded(corpus.sample, targets)
    if libcst:
        part = sum(_lines_of(one) for one in corpus.sample) / corpus.lines
        libcst = Cost(libcst.seconds / part, libcst.sites, libcst.failed, part=part)
    _row(corpus, name, "libcst", libcst, getter)
    parameter = edited(corpus, PARAMETERS[0], targets)
    _row(corpus, name, "parameter", parameter, parameter)
    _row(corpus, name, "libcst", libcst, parameter)
    same = commanded(map(Path, getter.edited), targets)
    if same:
        both = getter.edited.keys() & same.edited.keys()
        alike = sum(getter.edited[one] == same.edited[one] for one in both)
        print(f"{name:7} {corpus.name:12} {len(both)} files edited by both, {alike} the same byte for byte")


def edited(corpus: Corpus, technique: str, targets: Sequence[str]) -> Cost:
    """Apply a technique in memory wherever a function uses one of the targets."""
    technique_named(technique)  # what is imported for it is not counted, as it is not for peers
    began = time.process_time()
    program, done, failed = corpus.taken, 0, 0
    changed: set[Path] = set()
    for (target, dotted), sites in places(find(program, targets)).items():
        plan = planned(technique, program, target, dotted)
        if plan.changes:
            program = program.edited({change.path: change.after for change in plan.changes})
            changed.update(change.path for change in plan.changes)
        left = min(sites, len(plan.refusals)) if plan.changes else sites
        done, failed = done + sites - left, failed + left
    seconds = time.process_time() - began
    digests = {str(path): hashlib.sha256(program.bytes_of(path)).hexdigest() for path in changed}
    return Cost(seconds, done, failed, digests)


def commanded(files: Iterable[Path], targets: Sequence[str]) -> Cost | None:
    """Have the libcst command put getters into files."""
    return _peer([sys.executable, "-c", LIBCST, ",".join(targets)], json.dumps(sorted(map(str, files))))


def places(sites: Iterable[Site]) -> collections.Counter[tuple[Target, str]]:
    """The functions that sites stand in, and what is used there; each with how often it is called."""
    found: collections.Counter[tuple[Target, str]] = collections.Counter()
    for site in sites:
        function = site.module.function_at(site.line)
        if function and site.call:
            found[function.target, site.dotted] += 1
    return found


def planned(technique: str, program: Program, target: Target, dotted: str) -> Plan:
    """What a technique would do."""
    job = Job(program, target, {"call": dotted})
    try:
        return technique_named(technique).plan(job)
    except Refused as refused:
        return Plan(technique, target, refusals=(*job.refusals, refused.refusal))


# --- survey -------------------------------------------------------------------------------------------------


def tell_survey(corpora: Sequence[Corpus]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place, lines = Path(name), 0
        for corpus in corpora:
            files: list[Path] = []
            for path in sorted(corpus.program.files):
                if lines < SURVEYED:
                    lines += _lines_of(path)
                    files.append(path)
            corpus.copied(place / corpus.name, files)
        began = time.monotonic()
        command = [sys.executable, "-m", "legacy_seam", "survey", ".", "--json"]
        with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, start_new_session=True) as process:
            memory, seconds = _watched(process)
        wall = time.monotonic() - began
    print(
        f"survey: {lines:,} lines, exit code {process.returncode}: {seconds:.1f} s of processor time,"
        f" {wall:.1f} s by the clock, {memory / 2**20:.0f} MB in all processes"
    )


def _watched(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """The most memory that a process and its children had at one time, in bytes, and all their processor time.

    What they share counts once. Of the time, what is used in the last tenth of a second of each may be missing.
    """
    most, used = 0, dict[str, float]()
    assert process.stdout
    os.set_blocking(process.stdout.fileno(), False)
    while process.poll() is None:
        process.stdout.read()
        ours = [one for one in Path("/proc").glob("[0-9]*") if _is_of(one, process.pid)]
        most = max(most, sum(map(_memory, ours)))
        used.update((one.name, seconds) for one in ours if (seconds := _time(one)))
        time.sleep(0.1)
    return most, sum(used.values())


def _time(process: Path) -> float:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_of(process: Path, session: int) -> bool:
    try:
        return os.getsid(int(process.name)) == session
    except OSError:
        return False


def _memory(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


# --- sweep --------------------------------------------------------------------------------------------------


@dataclass
class Swept:
    """What came of every technique at every way out.

    skipped:  files that cannot be worked with, by reason.
    seam:     sites with some seam; parameter: those with a parameter; of `sites`, which stand in functions.
    at_import: sites outside of functions.
    refusals: by technique and code; silent: those for which there is no alternative, and no advice either.
    broken:   what does not compile, and edits that changed a byte elsewhere.
    crashes:  what was raised.
    """

    sites: int = 0
    at_import: int = 0
    seam: int = 0
    parameter: int = 0
    edits: int = 0
    skipped: collections.Counter[str] = field(default_factory=collections.Counter)
    refusals: collections.Counter[str] = field(default_factory=collections.Counter)
    silent: collections.Counter[str] = field(default_factory=collections.Counter)
    unseamed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def tell_sweep(corpora: Sequence[Corpus]) -> None:
    for corpus in corpora:
        began = time.process_time()
        found = swept(corpus)
        print(
            f"sweep {corpus.name}: {found.sites} sites in functions ({found.at_import} at import),"
            f" {_share(found.seam, found.sites)} get a seam, {_share(found.parameter, found.sites)} a parameter;"
            f" {found.edits} edits, {len(found.broken)} broken, {len(found.crashes)} crashes;"
            f" skipped files: {dict(found.skipped)}; {time.process_time() - began:.0f} s"
        )
        for title, counts in (("refused", found.refusals), ("without an alternative", found.silent)):
            print(f"  {title}: " + ", ".join(f"{name} {number}" for name, number in counts.most_common()))
        for line in (*found.broken, *found.crashes, *found.unseamed):
            print(f"  {line}")
        sys.stdout.flush()


def swept(corpus: Corpus) -> Swept:
    """Ask every technique at every way out of the files that are taken."""
    found, wanted = Swept(), Wanted(WAYS_OUT)
    for path in corpus.files:
        module = corpus.program.read(path)
        if isinstance(module, Skipped):
            found.skipped[module.code] += 1
            continue
        try:
            sites = [one for one in wanted.sites(module) if one.call]
            inside = [one for one in sites if module.function_at(one.line)]
            found.at_import += len(sites) - len(inside)
            for target, dotted in places(inside):
                _sweep_place(corpus.program, module, target, dotted, inside, found)
        except Exception as error:
            found.crashes.append(f"CRASH {path}: {type(error).__name__}: {error}")
    return found


def _sweep_place(
    program: Program, module: Module, target: Target, dotted: str, sites: Sequence[Site], found: Swept
) -> None:
    lines = [
        one.line
        for one in sites
        if one.dotted == dotted and (function := module.function_at(one.line)) and function.target == target
    ]
    seams: dict[str, set[int]] = {}
    refused: list[tuple[str, Refusal]] = []
    for technique in TECHNIQUES:
        plan = planned(technique, program, target, dotted)
        left = {one.line for one in plan.refusals}
        seams[technique] = {line for line in lines if plan.changes and line not in left}
        refused += [(technique, one) for one in plan.refusals]
        found.edits += bool(plan.changes)
        found.broken += [f"BROKEN {technique} {target}: {problem}" for problem in _problems(plan.changes)]
    found.sites += len(lines)
    found.seam += sum(any(line in one for one in seams.values()) for line in lines)
    found.parameter += sum(any(line in seams[one] for one in PARAMETERS) for line in lines)
    for technique, one in refused:
        found.refusals[f"{technique} {one.code}"] += 1
        if not (one.instead or _advised(technique, program, target, dotted, one)):
            found.silent[f"{technique} {one.code}"] += 1
    if not any(seams.values()):
        getter = next((str(one) for technique, one in refused if technique == GETTER), "")
        found.unseamed.append(f"NO SEAM {target} {dotted}: {getter}")


def _advised(technique: str, program: Program, target: Target, dotted: str, refusal: Refusal) -> bool:
    """Is there an alternative, found by trying? Some reasons say themselves what to do."""
    options = {"call": dotted}
    named = alternatives(technique_named(technique), program, target, options, refusal)
    return bool(named) or refusal.code in (Reason.ALREADY_DONE, Reason.NESTED)


def _problems(changes: Iterable[Change]) -> Iterator[str]:
    """What is wrong with the bytes after an edit, told without the code that made them."""
    for change in changes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the program, which was so before
                compile(change.after, str(change.path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            yield f"it does not compile ({error})"
        rest, before = change.after, change.before
        at = 0
        for patch in change.patches:
            kept = change.source.text[at : patch.start].encode(change.source.encoding)
            rest, before = _behind(kept, rest), _behind(kept, before)
            old = change.source.text[patch.start : patch.end].encode(change.source.encoding)
            rest, before = _behind(patch.new.encode(change.source.encoding), rest), _behind(old, before)
            at = patch.end
        if rest != before:
            yield "bytes outside its patches have changed"


def _behind(piece: bytes, content: bytes) -> bytes:
    """What follows a piece; a mark of the encoding before it is passed over."""
    at = content.find(piece)
    return content[at + len(piece) :] if at in (0, 3) else b"lost"


# --- telling ------------------------------------------------------------------------------------------------


def _peer(command: Sequence[str], given: str = "") -> Cost | None:
    """What a peer took, by its own account; None where it is not installed, fails or takes too long."""
    try:
        answer = subprocess.run(command, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    if answer.returncode:
        print(answer.stderr[-300:], file=sys.stderr)
        return None
    told: dict[str, Any] = json.loads(answer.stdout)
    return Cost(told["seconds"], told["sites"], told["failed"], told.get("edited", {}))


def _row(corpus: Corpus, part: str, who: str, cost: Cost | None, ours: Cost) -> None:
    if cost is None:
        print(f"{part:7} {corpus.name:12} {who:12} not measured")
        return
    print(
        f"{part:7} {corpus.name:12} {who:12} {cost.seconds:8.2f} s {corpus.lines / cost.seconds:10,.0f} lines/s"
        f" {cost.sites:5} sites {cost.failed:4} left {cost.seconds / ours.seconds:8.1f} x"
        + (f" (from {cost.part:.0%} of the lines)" if cost.part < 1 else ""),
        flush=True,
    )


def _lines_of(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
