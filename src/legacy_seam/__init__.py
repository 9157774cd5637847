"""Make legacy Python code safe to change: record it, pin it with golden masters, cut seams, put a model in.

PYTEST_DONT_REWRITE: a pytest that is recorded finds this package imported, and would warn of it otherwise.
"""

TYPE_CHECKING = False  # as type checkers know it, without what `typing` costs
if TYPE_CHECKING:
    from legacy_seam.in_process import recording

__all__ = ["__version__", "recording"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for: this module is loaded by every pytest run on the machine."""
    if name == "recording":
        from legacy_seam.in_process import recording

        return recording
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
