"""The nouns of `legacy_seam.calls` as plain data, and plain data as bytes.

Writing is exact. Reading is tolerant: keys that this version does not know are ignored, so that a later version
may add some; a key that is missing or holds the wrong type is a `WireError` that names it. Nothing is ever
evaluated, imported or constructed beyond the nouns themselves.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping
from json import JSONEncoder, loads  # by name: a recorded program may patch the module
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast, get_args

from legacy_seam.calls import Answer, Call, Count, Effect, FileState, Kind, Outcome, Run, Step
from legacy_seam.store.errors import WireError
from legacy_seam.store.ledger import Finding, State, Verdict
from legacy_seam.targets import Target, TargetSyntaxError

Data: TypeAlias = Mapping[str, object]
"""Plain data: what JSON can say, keyed by text."""

_KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
_STATES: Final[frozenset[str]] = frozenset(get_args(State))
_FORMS: Final[frozenset[str]] = frozenset({"returned", "raised", "awaited"})
_STEPS: Final[frozenset[str]] = frozenset({"next", "send", "throw", "close"})
_ENCODER: Final = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_Noun = TypeVar("_Noun")


def to_bytes(plain: object) -> bytes:
    r"""Plain data as one line of compact JSON, in UTF-8, without line feeds.

    Lone surrogates (file names and environment variables that are not UTF-8) pass as they are: escaping them as
    JSON does would join two of them into one character on the way back.

    >>> to_bytes({"name": "Zo\u00eb"})
    b'{"name":"Zo\xc3\xab"}'
    """
    return _ENCODER.encode(plain).encode("utf-8", "surrogatepass")


def from_bytes(line: bytes) -> Any:
    """Read what `to_bytes` wrote.

    Raises:
        WireError: where the bytes are not JSON.
    """
    try:
        return loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"Stored data is not JSON ({error}).") from error


# --- nouns to data --------------------------------------------------------------------------------------------


def outcome_to_data(outcome: Outcome) -> list[Data]:
    """An outcome as the list of its effects."""
    return [{"kind": effect.kind, "place": effect.place, "text": effect.text} for effect in outcome.effects]


def files_to_data(files: tuple[FileState, ...]) -> list[Data]:
    """File states as a list."""
    return [_file_to_data(file) for file in files]


def _file_to_data(file: FileState) -> Data:
    asked = {"size": file.size, "mode": file.mode, "modified": file.modified, "link": file.link}
    return {"path": file.path, "digest": file.digest} | {k: v for k, v in asked.items() if v is not None}


def steps_to_data(steps: tuple[Step, ...]) -> list[Data]:
    """The steps in which a generator was driven, as a list."""
    return [{"kind": step.kind, "text": step.text, "times": step.times} for step in steps]


def answers_to_data(answers: tuple[Answer, ...]) -> list[Data]:
    """What a call was answered, as a list."""
    return [
        {
            "question": answer.question,
            "form": answer.form,
            "text": answer.text,
            "site": answer.site,
            "handles": dict(answer.handles),
        }
        for answer in answers
    ]


def call_to_data(call: Call) -> Data:
    """A call, as it lies in a spool frame of kind "call"."""
    driven = {"driven": steps_to_data(call.driven)} if call.driven else {}
    answers = {"answers": answers_to_data(call.answers)} if call.answers else {}
    in_loop = {"in_loop": True} if call.in_loop else {}
    return {
        "target": str(call.target),
        "identity": call.identity,
        "arguments": dict(call.arguments),
        "closure": dict(call.closure),
        "state": dict(call.state),
        "instant": call.instant,
        "files": files_to_data(call.files),
        "observed": None if call.observed is None else outcome_to_data(call.observed),
        "run": call.run,
        "defaulted": list(call.defaulted),
        **driven,
        **answers,
        **in_loop,
    }


def run_to_data(run: Run) -> Data:
    """A run, as it lies in a spool frame of kind "run"."""
    answers = {"answers": answers_to_data(run.answers)} if run.answers else {}
    project = {"project": run.project} if run.project else {}
    return {
        "identity": run.identity,
        "command": list(run.command),
        "directory": run.directory,
        "main": None if run.main is None else list(run.main),
        "search_path": list(run.search_path),
        "started": run.started,
        "timezone": run.timezone,
        "environment": dict(run.environment),
        "files": files_to_data(run.files),
        "python": run.python,
        "platform": run.platform,
        "commit": run.commit,
        "imports": list(run.imports),
        "redacted": run.redacted,
        "boundaries": list(run.boundaries),
        **answers,
        **project,
    }


def count_to_data(target: Target, count: Count) -> Data:
    """A count, as it lies in a spool frame of kind "count"."""
    return {
        "target": str(target),
        "seen": count.seen,
        "kept": count.kept,
        "duplicate": count.duplicate,
        "sampled_out": count.sampled_out,
        "unserialisable": count.unserialisable,
        "failed": count.failed,
        "why": dict(count.why),
    }


def finding_to_data(finding: Finding) -> Data:
    """A finding, as it lies in a spool frame of kind "finding"."""
    target = None if finding.target is None else str(finding.target)
    return {"target": target, "what": finding.what, "why": finding.why}


def verdict_to_data(verdict: Verdict) -> Data:
    """A verdict, as it lies in the database."""
    return {
        "target": str(verdict.target),
        "state": verdict.state,
        "cases": verdict.cases,
        "reason": verdict.reason,
        "site": verdict.site,
        "depends_on": list(verdict.depends_on),
    }


# --- data to nouns --------------------------------------------------------------------------------------------


def outcome_from_data(data: object) -> Outcome:
    """Read what `outcome_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    return Outcome(tuple(_each(data, "observed", _effect)))


def files_from_data(data: object) -> tuple[FileState, ...]:
    """Read what `files_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    return tuple(_each(data, "files", _file))


def steps_from_data(data: object) -> tuple[Step, ...]:
    """Read what `steps_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    return tuple(_each(data, "driven", _step))


def answers_from_data(data: object) -> tuple[Answer, ...]:
    """Read what `answers_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    return tuple(_each(data, "answers", _answer))


def call_from_data(data: object) -> Call:
    """Read what `call_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    record = _record(data, "call")
    observed = record.get("observed")
    return Call(
        target=_target(record),
        identity=_text(record, "identity"),
        arguments=_texts(record, "arguments"),
        closure=_texts(record, "closure"),
        state=_texts(record, "state"),
        instant=_number(record, "instant"),
        files=files_from_data(_present(record, "files")),
        observed=None if observed is None else outcome_from_data(observed),
        run=_text(record, "run"),
        defaulted=_words(record.get("defaulted", []), "defaulted"),
        driven=steps_from_data(record.get("driven", [])),
        answers=answers_from_data(record.get("answers", [])),
        in_loop=record.get("in_loop") is True,
    )


def run_from_data(data: object) -> Run:
    """Read what `run_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    record = _record(data, "run")
    return Run(
        identity=_text(record, "identity"),
        command=_words(_present(record, "command"), "command"),
        directory=_text(record, "directory"),
        main=_pair(record.get("main"), "main"),
        search_path=_words(_present(record, "search_path"), "search_path"),
        started=_number(record, "started"),
        timezone=_text(record, "timezone"),
        environment=_environment(record),
        files=files_from_data(_present(record, "files")),
        python=_text(record, "python"),
        platform=_text(record, "platform"),
        commit=_text_or_none(record, "commit"),
        imports=_words(record.get("imports", []), "imports"),
        redacted=record.get("redacted") is True,
        boundaries=_words(record.get("boundaries", []), "boundaries"),
        answers=answers_from_data(record.get("answers", [])),
        project=_text(record, "project") if "project" in record else "",
    )


def count_from_data(data: object) -> tuple[Target, Count]:
    """Read what `count_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    record = _record(data, "count")
    why = _record(record.get("why", {}), "why")
    return _target(record), Count(
        seen=_tally(record, "seen"),
        kept=_tally(record, "kept"),
        duplicate=_tally(record, "duplicate"),
        sampled_out=_tally(record, "sampled_out"),
        unserialisable=_tally(record, "unserialisable") if "unserialisable" in record else 0,
        failed=_tally(record, "failed"),
        why={reason: _tally(why, reason) for reason in why},
    )


def finding_from_data(data: object) -> Finding:
    """Read what `finding_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    record = _record(data, "finding")
    target = None if record.get("target") is None else _target(record)
    return Finding(target, _text(record, "what"), _text(record, "why"))


def verdict_from_data(data: object) -> Verdict:
    """Read what `verdict_to_data` made.

    Raises:
        WireError: naming the key that is missing or wrong.
    """
    record = _record(data, "verdict")
    return Verdict(
        target=_target(record),
        state=cast("State", _one_of(record, "state", _STATES)),
        cases=_tally(record, "cases"),
        reason=_text_or_none(record, "reason"),
        site=_text_or_none(record, "site"),
        depends_on=_words(record.get("depends_on", []), "depends_on"),
    )


def _effect(data: object) -> Effect:
    record = _record(data, "effect")
    kind = cast("Kind", _one_of(record, "kind", _KINDS))
    return Effect(kind, _text(record, "place"), _text(record, "text"))


def _step(data: object) -> Step:
    record = _record(data, "step")
    kind = cast('Literal["next", "send", "throw", "close"]', _one_of(record, "kind", _STEPS))
    return Step(kind, _text(record, "text"), _tally(record, "times"))


def _answer(data: object) -> Answer:
    record = _record(data, "answer")
    form = cast('Literal["returned", "raised", "awaited"]', _one_of(record, "form", _FORMS))
    handles = _texts(record, "handles")
    return Answer(_text(record, "question"), form, _text(record, "text"), _text(record, "site"), handles)


def _file(data: object) -> FileState:
    record = _record(data, "file")
    size, mode = (_tally(record, key) if key in record else None for key in ("size", "mode"))
    modified = _whole(record, "modified") if "modified" in record else None
    link = _text(record, "link") if "link" in record else None
    return FileState(_text(record, "path"), _text_or_none(record, "digest"), size, mode, modified, link)


def _target(record: Data) -> Target:
    try:
        return Target.parse(_text(record, "target"))
    except TargetSyntaxError as error:
        raise WireError(f"Stored data has a wrong 'target': {error}.") from error


def _environment(record: Data) -> dict[str, str | None]:
    variables = _record(_present(record, "environment"), "environment")
    return {name: _text_or_none(variables, name) for name in variables}


# --- one key at a time ----------------------------------------------------------------------------------------


def _record(data: object, what: str) -> Data:
    if not isinstance(data, dict):
        raise _wrong(what, "an object", data)
    return data


def _present(record: Data, key: str) -> object:
    if key not in record:
        raise WireError(f"Stored data has no {key!r}.")
    return record[key]


def _text(record: Data, key: str) -> str:
    value = _present(record, key)
    if not isinstance(value, str):
        raise _wrong(key, "text", value)
    return value


def _text_or_none(record: Data, key: str) -> str | None:
    return None if record.get(key) is None else _text(record, key)


def _one_of(record: Data, key: str, words: frozenset[str]) -> str:
    word = _text(record, key)
    if word not in words:
        raise _wrong(key, f"one of {', '.join(sorted(words))}", word)
    return word


def _number(record: Data, key: str) -> float:
    value = _present(record, key)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf:
        with contextlib.suppress(OverflowError):
            return float(value)
    raise _wrong(key, "a number", value)


def _tally(record: Data, key: str) -> int:
    value = _whole(record, key)
    if value < 0:
        raise _wrong(key, "a whole number from 0", value)
    return value


def _whole(record: Data, key: str) -> int:
    value = _present(record, key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(key, "a whole number", value)
    return value


def _texts(record: Data, key: str) -> dict[str, str]:
    texts = _record(_present(record, key), key)
    return {name: _text(texts, name) for name in texts}


def _words(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _wrong(key, "a list of texts", value)
    return tuple(value)


def _pair(value: object, key: str) -> tuple[str, str] | None:
    if value is None:
        return None
    words = _words(value, key)
    if len(words) != 2:
        raise _wrong(key, "two texts", value)
    return words[0], words[1]


def _each(value: object, key: str, read: Callable[[object], _Noun]) -> list[_Noun]:
    if not isinstance(value, list):
        raise _wrong(key, "a list", value)
    return [read(item) for item in value]


def _wrong(key: str, expected: str, value: object) -> WireError:
    return WireError(f"Stored data has a wrong {key!r}: expected {expected}, found {repr(value)[:60]}.")
