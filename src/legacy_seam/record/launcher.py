"""A program run under a recorder in a process of its own.

`command` says how such a process is started; `importlib_bootstrap` is what it runs; `prepare` does there what
Python itself does before it runs a script or a module, and starts the recorder; `leave` does what Python does
afterwards.
"""

from __future__ import annotations

import atexit
import builtins
import io
import linecache
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.machinery import BuiltinImporter, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any, NoReturn

from legacy_seam.errors import SeamError
from legacy_seam.plaindata import dataclass
from legacy_seam.record.invocation import BOOTSTRAP, Settings, command
from legacy_seam.record.session import Recorder
from legacy_seam.record.startup import RECORD

__all__ = ["Program", "Settings", "command", "leave", "prepare"]

_NO_SUCH_PROGRAM = 2
_OF_MULTIPROCESSING = "from multiprocessing."
"""So begins what `multiprocessing` has a process of its own run, which then imports the parent's `__main__`."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is left to be done: execute `code` in `namespace`, or call `run_module(*module)`."""

    code: CodeType | None
    namespace: dict[str, Any]
    module: tuple[Any, ...] = ()
    run_module: Callable[..., object] = runpy._run_module_as_main  # type: ignore[attr-defined]


def prepare(arguments: Sequence[str], loaded_at_start: frozenset[str]) -> Program:
    """Do what Python does before it runs a program, and start the recorder.

    Args:
        arguments: the settings as JSON, `--`, and the program with its arguments.
        loaded_at_start: names of the modules that every Python process has loaded.

    Raises:
        SystemExit: with the message Python gives where there is no such program.
    """
    settings, program = Settings.from_json(arguments[0]), list(arguments[2:])
    is_part_of_parent = program[:1] == ["-c"] and program[1].startswith(_OF_MULTIPROCESSING)
    before_us = sys.orig_argv[: sys.orig_argv.index(BOOTSTRAP)]
    sys.orig_argv = [before_us[0], *settings.given] if settings.given else [*before_us, *program]
    try:
        recorder = Recorder(
            Path(settings.store),
            sources=settings.sources,
            targets=settings.targets,
            exclude=settings.exclude,
            command=settings.command if is_part_of_parent else program,
            parent=settings.parent,
            redaction=settings.redaction,
            most_characters=settings.most_characters,
            boundaries=settings.boundaries,
            savings=settings.savings,
        )
        prepared = _prepared(program, recorder)
        if is_part_of_parent and settings.main:
            recorder.expect_main(settings.main)
        _make_way_for_modules_of_the_same_name(loaded_at_start)
        recorder.start()
    except (SeamError, OSError) as error:
        message = str(error)
        if isinstance(error, OSError):
            message = f"Nothing can be recorded in {settings.store} ({error.strerror or error})."
        if settings.told:
            print(f"legacy-seam: this program is not recorded: {message}", file=sys.stderr)
        if settings.parent:
            _leave_it_to_python()
        raise _refused(message) from None
    atexit.register(_stop, recorder)
    return prepared


def leave(error: BaseException) -> NoReturn:
    """End the process as Python ends it after an exception left the program."""
    shown = error.__traceback__
    error.__traceback__ = shown and shown.tb_next
    if isinstance(error, SystemExit):
        raise error
    _report(error, error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        global _was_interrupted
        _was_interrupted = True
        sys.excepthook = lambda *_: None
        raise error  # Python then ends by the signal, as whoever waits for this process expects
    raise SystemExit(1)


_was_interrupted = False


def _stop(recorder: Recorder) -> None:
    recorder.stop()
    if _was_interrupted:
        with suppress(KeyboardInterrupt):
            exec("raise KeyboardInterrupt")  # Python forgets that it was interrupted when other text is executed


def _prepared(program: list[str], recorder: Recorder) -> Program:
    main = _fresh_main()
    match program:
        case ["-m", str(module), *rest]:
            sys.argv = ["-m", *rest]
            _put_first_on_search_path(os.getcwd())
            recorder.expect_main(module)
            return Program(None, {}, (module, True))
        case ["-c", str(text), *rest]:
            sys.argv = ["-c", *rest]
            _put_first_on_search_path("")
            vars(main)["__loader__"] = BuiltinImporter
            return Program(_command_text(text), vars(main))
        case [str(script), *_]:
            sys.argv = program
            return _script(script, main, recorder)
        case _:
            raise _refused("There is no program to record: give a script, or -m and a module, after `--`.")


def _script(script: str, main: ModuleType, recorder: Recorder) -> Program:
    path = os.path.join(os.getcwd(), script)  # as Python does it: `./` and `..` stay
    if os.path.isdir(path) or _is_archive(path):
        _put_first_on_search_path(path)
        return Program(None, {}, ("__main__", False))
    try:
        with io.open_code(path) as file:
            source = file.read()
        plain = compile(source, path, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError):
        _leave_it_to_python()
    _put_first_on_search_path(os.path.dirname(os.path.realpath(path)))
    loader = SourceFileLoader("__main__", path)
    vars(main).update(__file__=path, __loader__=loader, __cached__=None)
    return Program(recorder.main_script(source, path, plain), vars(main))


def _command_text(text: str) -> CodeType:
    try:
        code = compile(text, "<string>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        _leave_it_to_python()
    if sys.version_info >= (3, 13):  # which shows the lines of such a program in tracebacks
        linecache.cache["<string>"] = (len(text), None, text.splitlines(keepends=True), "<string>")
    return code


def _leave_it_to_python() -> NoReturn:
    """Let Python itself say what is wrong with a program that cannot even begin; not by way of us once more."""
    sys.stderr.flush()
    os.environ.pop(RECORD, None)
    os.execv(sys.executable, sys.orig_argv)


def _fresh_main() -> ModuleType:
    main = ModuleType("__main__")
    namespace = vars(main)
    if sys.version_info < (3, 14):
        namespace["__annotations__"] = {}
    namespace["__builtins__"] = builtins
    sys.modules["__main__"] = main
    return main


def _put_first_on_search_path(directory: str) -> None:
    if not sys.flags.safe_path:
        sys.path.insert(0, directory)


def _is_archive(path: str) -> bool:
    if not os.path.isfile(path):
        return False
    from zipfile import is_zipfile

    return is_zipfile(path)


def _make_way_for_modules_of_the_same_name(loaded_at_start: frozenset[str]) -> None:
    """Forget modules of the standard library that we loaded where the program has one of the same name.

    A `calendar.py` beside the script hides the standard one from the program; it must go on doing so.
    """
    if sys.flags.safe_path or not sys.path:
        return
    for name in [name for name in sys.modules if name not in loaded_at_start]:
        package = name.partition(".")[0]
        if package == "legacy_seam" or package in sys.builtin_module_names or package in loaded_at_start:
            continue
        spec = PathFinder.find_spec(package, sys.path[:1])
        if spec is not None and spec.origin is not None and spec.origin != _origin(package):
            del sys.modules[name]


def _origin(package: str) -> str | None:
    spec = getattr(sys.modules.get(package), "__spec__", None)
    return getattr(spec, "origin", None)


def _report(error: BaseException, traceback: TracebackType | None) -> None:
    """Print an exception as Python prints one that nobody caught."""
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, traceback
    try:
        sys.excepthook(type(error), error, traceback)
    except SystemExit:
        raise
    except BaseException as second:
        stream = sys.stderr
        print("Error in sys.excepthook:", file=stream)
        second.__traceback__ = second.__traceback__ and second.__traceback__.tb_next
        sys.__excepthook__(type(second), second, second.__traceback__)
        print("\nOriginal exception was:", file=stream)
        sys.__excepthook__(type(error), error, traceback)


def _refused(message: str) -> SystemExit:
    print(message, file=sys.stderr)
    return SystemExit(_NO_SUCH_PROGRAM)
