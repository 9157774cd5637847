"""What Python is told to run in place of a program that is to be recorded; see `legacy_seam.record.launcher`.

The program is executed right here, at the level of this module, so that there is one frame below it and no more.
The name of this file is not taken at random: to `warnings`, a frame whose file name contains `importlib` and
`_bootstrap` is not there, so that a warning meant for "whoever called this script" points where it always did.
"""

import sys

_loaded_at_start = frozenset(sys.modules)
if not sys.flags.safe_path:
    del sys.path[0]  # the directory of this file, which is nobody else's business
sys.path.insert(0, __file__.rpartition("/legacy_seam/")[0])
import legacy_seam  # noqa: E402, F401 (this very copy of it, whatever else is installed)

del sys.path[0]
from legacy_seam.record import launcher  # noqa: E402

_program = launcher.prepare(sys.argv[1:], _loaded_at_start)
_left_by = None
try:
    if _program.code is not None:
        exec(_program.code, _program.namespace)
    else:
        _program.run_module(*_program.module)
except BaseException as _error:
    _left_by = _error
if _left_by is not None:
    launcher.leave(_left_by)
