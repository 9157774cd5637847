"""What a replay may read: what every program on this machine needs, its own files, and nothing of its developer's.

Home directories and the places of keys are private, except the project, the interpreter and what it imports from,
wherever these lie. The nearest rule above a path decides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_KEYS = (
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/ssh",
    "/etc/ssl/private",
    "/run/secrets",
    "/run/user",
    "/var/mail",
    "/var/spool/mail",
)
_KEYS_AT_HOME = (
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".netrc",
    ".pgpass",
    ".kube",
    ".docker",
    ".config/gcloud",
    ".config/gh",
    ".git-credentials",
    ".pypirc",
    ".npmrc",
    ".password-store",
    ".bash_history",
)
_NAMES_OF_NO_HOMES = "/ /bin /sbin /usr /usr/bin /usr/sbin /etc /var /var/empty /dev /proc /nonexistent"
_NO_HOMES = frozenset(_NAMES_OF_NO_HOMES.split())
"""What is given as the home of users who are nobody."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Which files may be read, by absolute paths without symbolic links.

    private: may not be read, with all below; granted: may be, where it lies below something private.
    homes: the home directories among the private ones.

    >>> Reading(("/home/me", "/home/me/shop/.ssh"), ("/home/me/shop",)).allows("/home/me/shop/rules.py")
    True
    >>> Reading(("/home/me",), ("/home/me/shop",)).allows("/home/me/letters.txt")
    False
    """

    private: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()

    def allows(self, path: str) -> bool:
        """May this be read?"""
        private = _nearest(path, self.private)
        return not private or len(_nearest(path, self.granted)) >= len(private)

    def readable(self, name: str) -> str:
        """A path as people know it: the home directory is `~`, which is the same on every machine."""
        for home in self.homes:
            if name == home or name.startswith(home + "/"):
                return "~" + name[len(home) :]
        return name

    def trees(self) -> list[str]:
        """The largest directories (and files) that may be read with all that is below them."""
        special = {place for rule in (*self.private, *self.granted) for place in _upwards(rule)}
        return list(self._trees("/", special))

    def roots(self) -> list[str]:
        """Granted directories in which not everything may be read: their entries must be known all the same."""
        return [path for path in self.granted if _has_below(path, self.private)]

    def _trees(self, path: str, special: set[str]) -> Iterator[str]:
        allowed = self.allows(path)
        if allowed and not _has_below(path, self.private):
            yield path
            return
        if not allowed and not _has_below(path, self.granted):
            return
        try:
            entries = sorted(entry.path for entry in os.scandir(path) if not entry.is_symlink())
        except OSError:
            return
        for entry in entries:
            if entry in special:
                yield from self._trees(entry, special)
            elif allowed:
                yield entry


def reading(homes: Iterable[str], granted: Iterable[str], recorded: Iterable[str] = ()) -> Reading:
    """What may be read on this machine.

    Args:
        homes: home directories.
        granted: directories that the program needs, wherever they lie.
        recorded: files that it is known to have read; those in hidden places of a home stay private.
    """
    found = dict.fromkeys(os.path.realpath(home) for home in homes if home)
    private_homes = tuple(home for home in found if home not in _NO_HOMES and os.path.isdir(home))
    keys = [*_KEYS, *(os.path.join(home, name) for home in private_homes for name in _KEYS_AT_HOME)]
    needed = dict.fromkeys(os.path.realpath(path) for path in granted if path)
    seen = [os.path.realpath(path) for path in recorded]
    return Reading(
        private=(*private_homes, *dict.fromkeys(os.path.realpath(path) for path in keys if os.path.lexists(path))),
        granted=(*needed, *(path for path in seen if not _is_hidden(path, private_homes))),
        homes=private_homes,
    )


def homes() -> list[str]:
    """The home directories of whoever runs this process."""
    named = [os.environ.get("HOME", "")]
    try:
        import pwd

        named.append(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):  # no such user: a container that was given a number
        pass
    return named


def of_the_interpreter() -> list[str]:
    """Where this interpreter imports from, as it is set up now: editable installations as well."""
    prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, os.path.dirname(os.__file__)]
    editable = [
        str(path)
        for name, module in list(sys.modules.items())
        if name.startswith("__editable__")
        for path in getattr(module, "MAPPING", {}).values()
    ]
    found = [path for path in (*prefixes, *sys.path, *editable) if os.path.isabs(path)]
    return [path for path in dict.fromkeys(found) if path != "/"]


def _nearest(path: str, rules: Iterable[str]) -> str:
    above = (rule for rule in rules if path == rule or path.startswith(rule.rstrip("/") + "/"))
    return max(above, key=len, default="")


def _has_below(path: str, rules: Iterable[str]) -> bool:
    below = path.rstrip("/") + "/"
    return any(rule.startswith(below) for rule in rules)


def _upwards(path: str) -> Iterator[str]:
    """A path and all that lies above it."""
    while True:
        yield path
        above = os.path.dirname(path)
        if above == path:
            return
        path = above


def _is_hidden(path: str, homes: Iterable[str]) -> bool:
    """Does it lie in a hidden place of a home, or among the keys of the system?"""
    at_home = any(path.startswith(home + "/") and "/." in path[len(home) :] for home in homes)
    return at_home or bool(_nearest(path, _KEYS))
