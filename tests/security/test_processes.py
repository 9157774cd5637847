"""A replay starts no process, signals none, and looks into none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from endangered import Machine, functions, needs

ROUTES = {
    "system": ("os.system(f'touch {OUTSIDE}/x')", "process: os.system of touch"),
    "popen": ("os.popen(f'touch {OUTSIDE}/x').read()", "process: subprocess.Popen of"),
    "run": ("import subprocess; subprocess.run(['touch', OUTSIDE + '/x'])", "process: subprocess.Popen of touch"),
    "fork": ("if os.fork() == 0: os.execv('/bin/touch', ['touch', OUTSIDE + '/x'])", "process: os.fork"),
    "execute": ("os.execv('/bin/touch', ['touch', OUTSIDE + '/x'])", "process: os.exec of /bin/touch"),
    "spawn": (
        "os.posix_spawn('/bin/touch', ['touch', OUTSIDE + '/x'], {})",
        "process: os.posix_spawn of /bin/touch",
    ),
    "spawn_old": ("os.spawnv(os.P_NOWAIT, '/bin/touch', ['touch', OUTSIDE + '/x'])", "denied 1 'process: os."),
    "terminal": ("import pty; pty.spawn(['/bin/touch', OUTSIDE + '/x'])", "denied 1 'process: "),
    "below_os": ("import posix; posix.system(f'touch {OUTSIDE}/x')", "process: os.system of touch"),
    "below_subprocess": (
        "import _posixsubprocess as below, subprocess\n"
        "subprocess._fork_exec([b'/bin/touch'], [b'/bin/touch'], *[None] * 20)",
        "process: start of /bin/touch",
    ),
    "forked_worker": (
        "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
        "process: os.fork",
    ),
    "spawned_worker": (
        "import multiprocessing as m; m.get_context('spawn').Process(target=print).start()",
        "process: start of",
    ),
    "pool": (
        "from concurrent.futures import ProcessPoolExecutor as Pool\n"
        "with Pool(1) as pool: pool.submit(print).result(1)",
        "denied 1 'process: ",
    ),
    "coroutine": (
        "import asyncio; asyncio.run(asyncio.create_subprocess_exec('touch', OUTSIDE + '/x'))",
        "denied 1 'process: ",
    ),
    "c_system": ("libc().system(f'touch {OUTSIDE}/x'.encode())", "process: the C function system"),
    "c_item": ("libc()['execv']", "process: the C function execv"),
    "kill_parent": ("os.kill(os.getppid(), 0)", "process: os.kill"),
    "kill_tester": ("os.kill(TESTER, 0)", "process: os.kill"),
    "kill_victim": ("os.kill(VICTIM, 9)", "process: os.kill"),
    "kill_group": ("os.killpg(VICTIM, 9)", "process: os.killpg"),
    "kill_by_handle": ("signal.pidfd_send_signal(os.pidfd_open(VICTIM), 9)", "process: os.pidfd_open"),
    "signal_by_file": (
        "import fcntl; fcntl.fcntl(socket.socketpair()[0], fcntl.F_SETOWN, VICTIM)",
        "process: fcntl.fcntl that sends signals",
    ),
    "press_keys": (
        "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSTI, b'x')",
        "process: fcntl.ioctl that presses keys",
    ),
    "priority": ("os.nice(5)", "process: os.nice"),
    "priority_of_another": ("os.setpriority(os.PRIO_PROCESS, VICTIM, 19)", "process: os.setpriority"),
    "limits": ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (99, 99))", "process: resource.setrlimit"),
    "limits_of_another": (
        "import resource; resource.prlimit(VICTIM, resource.RLIMIT_NOFILE, (0, 0))",
        "process: resource.prlimit",
    ),
    "user": ("os.setuid(65534)", "process: os.setuid"),
    "root_directory": ("os.chroot(HOME)", "process: os.chroot"),
    "session": ("os.setsid()", "process: os.setsid"),
    "log": ("import syslog; syslog.syslog('x')", "process: syslog."),
}
BELOW_PYTHON = {
    "c_fork": ("disarm(); said(libc().fork())", "raised PermissionError(1,"),
    "c_vfork": (
        "disarm(); said(libc().syscall(NUMBERS.get('vfork', NUMBERS['clone'])))",
        "raised PermissionError(1,",
    ),
    "c_execute": (
        "disarm(); libc().execv(b'/bin/touch', (ctypes.c_char_p * 2)(b'touch'))",
        "ended 'killed: it asked",
    ),
    "c_shell": ("disarm(); said(libc().system(f'touch {OUTSIDE}/x'.encode()))", "returned None"),
    "disarmed_fork": ("disarm(); os.fork()", "raised PermissionError(1,"),
    "disarmed_spawn": ("disarm(); os.posix_spawn('/bin/touch', ['touch', OUTSIDE + '/x'], {})", "raised "),
    "disarmed_run": ("disarm(); import subprocess; subprocess.run(['touch', OUTSIDE + '/x'])", "raised "),
    "disarmed_kill": ("disarm(); os.kill(VICTIM, 9)", "raised PermissionError(1,"),
    "disarmed_group": ("disarm(); os.killpg(VICTIM, 9)", "raised PermissionError(1,"),
    "everybody": ("disarm(); said(libc().kill(-1, 0))", "raised PermissionError(1,"),
    "the_worker": ("disarm(); said(libc().kill(libc().getppid(), 0))", "raised PermissionError(1,"),
    "c_queue_signal": ("disarm(); said(libc().sigqueue(VICTIM, 9, None))", "raised PermissionError(1,"),
    "c_thread_signal": ("disarm(); said(libc().syscall(NUMBERS['tkill'], VICTIM, 9))", "raised PermissionError(1,"),
    "trace": ("disarm(); libc().ptrace(16, VICTIM, None, None)", "ended 'killed: it asked"),
    "write_memory": ("disarm(); libc().process_vm_writev(VICTIM, None, 0, None, 0, 0)", "ended 'killed: it asked"),
    "live_on": ("disarm(); said(libc().prctl(1, 0))", "raised PermissionError(1,"),
    "namespaces": ("disarm(); said(libc().unshare(0x10000000))", "raised PermissionError(1,"),
    "mount": ("disarm(); said(libc().mount(b'x', HOME.encode(), b'none', 0, None))", "raised PermissionError(1,"),
    "keys": ("disarm(); said(libc().syscall(NUMBERS['keyctl'], 0, -3, 0))", "raised PermissionError(1,"),
    "clock": (
        "disarm(); said(libc().syscall(NUMBERS['clock_settime'], 999, bytes(16)))",
        "raised PermissionError(1,",
    ),
    "other_numbers": ("disarm(); libc().syscall(0x40000000 + 59, 0, 0, 0)", "ended 'killed: it asked"),
}


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    machine.write("escapes", *functions(ROUTES, BELOW_PYTHON))
    yield machine


@pytest.mark.parametrize("name", ROUTES)
def test_other_processes_are_denied_by_name(prepared: Machine, name: str) -> None:
    assert ROUTES[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


@needs("seccomp")
@pytest.mark.parametrize("name", BELOW_PYTHON)
def test_the_kernel_denies_them_where_python_is_gone_round(prepared: Machine, name: str) -> None:
    assert BELOW_PYTHON[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


def test_signals_to_itself_and_threads_are_allowed(machine: Machine) -> None:
    machine.write(
        "others",
        *functions(
            {
                "itself": (
                    "signal.signal(signal.SIGUSR1, lambda *_: print('heard'))\n"
                    "os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR1)",
                    "",
                ),
                "thread": ("t = threading.Thread(target=print, args=('ran',)); t.start(); t.join()", ""),
                "abort": ("os.abort()", ""),
                "pool": (
                    "from multiprocessing.pool import ThreadPool\n"
                    "with ThreadPool(2) as pool: return pool.map(str, [1, 2])",
                    "",
                ),
            }
        ),
    )
    assert "printed stdout 'heard\\nheard\\n'" in machine.outcome("others:itself")
    assert "printed stdout 'ran\\n'" in machine.outcome("others:thread")
    assert machine.outcome("others:abort") == "ended 'killed by SIGABRT'"
    assert machine.outcome("others:pool") == "returned ['1', '2']"
