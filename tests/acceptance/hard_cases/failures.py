"""What a function says when things go wrong, and what it says by the way."""

import contextlib
import io
import logging
import sys
import warnings

log = logging.getLogger("hard.cases")


class LegacyError(Exception):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def error_type(text):
    raise KeyError(text)  # becomes: raise LookupError(text)


def error_message(text):
    raise ValueError(f"bad: {text}")  # becomes: raise ValueError(f"bad {text}")


def error_attribute(code):
    raise LegacyError("failed", code)  # becomes: raise LegacyError("failed", str(code))


def error_cause(text):
    try:
        int(text)
    except ValueError as error:
        raise LegacyError("no number", 1) from error  # becomes: raise LegacyError("no number", 1) from None


def error_context(text):
    try:
        int(text)
    except ValueError:
        raise LegacyError("no number", 2)  # becomes: raise LegacyError("no number", 2) from None


def error_note(text):
    error = ValueError(text)
    error.add_note("seen in row 5")  # becomes: error.add_note("seen in row 6")
    raise error


def error_group(codes):
    raise ExceptionGroup("many", [LegacyError("one", code) for code in codes])  # becomes: raise ExceptionGroup("many", [LegacyError("one", -code) for code in codes])


def error_swallowed(values):
    try:
        return values[3]
    except IndexError:
        return None  # becomes: raise


def finally_wins(values):
    try:
        return values[0]
    finally:
        values.clear()  # becomes: values.pop()


def leaves(code):
    sys.exit(code)  # becomes: sys.exit(code + 1)


def interrupts():
    raise KeyboardInterrupt("enough")  # becomes: raise KeyboardInterrupt


def asserts(value):
    assert value > 0, "must be positive"  # becomes: assert value > 0, "should be positive"


def error_after_change(items):
    items.append(1)
    raise RuntimeError  # becomes: items.clear(); raise RuntimeError


def returned_error(text):
    return ValueError(text)  # becomes: return TypeError(text)


def warns_category():
    warnings.warn("old", DeprecationWarning)  # becomes: warnings.warn("old", FutureWarning)


def warns_text(name):
    warnings.warn(f"{name} is old")  # becomes: warnings.warn(f"{name} is old.")


def warns_no_more(name):
    warnings.warn("again", UserWarning, stacklevel=2)  # becomes: pass


def prints(name):
    print("name", name, sep=": ")  # becomes: print("name", name, sep=":")


def prints_end(name):
    print(name, end="")  # becomes: print(name)


def prints_elsewhere(name):
    print(name, file=sys.stderr)  # becomes: print(name, file=sys.stdout)


def writes_out(text):
    sys.stdout.write(text)  # becomes: sys.stdout.write(text + " ")


def writes_bytes(data):
    sys.stdout.buffer.write(data)  # becomes: sys.stdout.buffer.write(data[::-1])


def writes_a_stream(stream, text):
    stream.write(text)  # becomes: stream.writelines([text, text])


def redirects(text):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print(text)
    return out.getvalue()  # becomes: return out.getvalue().strip()


def logs_level(n):
    log.info("value %d", n)  # becomes: log.warning("value %d", n)


def logs_message(n):
    log.warning("value %d", n)  # becomes: log.warning("value: %d", n)


def logs_args(n):
    log.warning("value %s", n)  # becomes: log.warning("value %s", n + 1)


def logs_extra(n):
    log.warning("customer", extra={"customer": n})  # becomes: log.warning("customer", extra={"customer": -n})


def logs_exception(text):
    try:
        int(text)
    except ValueError:
        log.exception("failed")  # becomes: log.error("failed")


def logs_elsewhere(n):
    logging.getLogger("hard.other").error("n")  # becomes: logging.getLogger("hard.others").error("n")


def logs_debug(n):
    log.debug("details %d", n)  # becomes: log.debug("detail %d", n)
