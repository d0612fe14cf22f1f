"""Kernel restrictions of a child: no sockets, no child processes, only a few folders, no outliving its parent.

Fences are set before any library is loaded, apply to every later thread, and cannot be lifted by
the process. Sources: Linux `Documentation/userspace-api/landlock.rst`, `seccomp_filter.rst`, and prctl(2).
"""

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

Fence = Literal["files", "network", "parent", "limits"]
FENCES: tuple[Fence, ...] = ("files", "network", "parent", "limits")
"""Fences that every child should have; a system may lack some of them."""
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER, PARENT_DEATH = 38, 22, 2, 1
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_ASKED, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
CHANGES = sum(1 << bit for bit in (1, *range(4, 13)))
"""Landlock rights to remove and create files and folders (bits 4-12) and to write (bit 1)."""
NEWER = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights added by later versions of Landlock: moving between folders, truncating, device control."""
NETWORK_SINCE, SCOPES_SINCE = 4, 6
BIND_CONNECT, ABSTRACT_SOCKETS_SIGNALS = 3, 3
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | NEWER[3] | NEWER[5]

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
EPERM, ENOSYS = 1, 38
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
THREAD = 0x10000
X32 = 0x40000000
MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 49, 57, 58, 59, 101, 310, 311, 322, 425), 56, 435),
    "aarch64": (0xC00000B7, (117, 198, 200, 203, 221, 270, 271, 281, 425), 220, 435),
}
"""Audit number; socket, connect, bind, fork, vfork, execve, ptrace, process_vm_*, execveat, io_uring; clone; clone3."""


def set_kernel_fences(readable: Iterable[Path], writable: Iterable[Path], *, parent: int) -> tuple[Fence, ...]:
    """Restrict this process to what it needs and return the kernel fences that are active.

    They are 'files', 'network' and 'parent': the process is killed with the thread of process `parent` that
    started it. None is available on systems other than Linux, and each only where the kernel supports it.
    """
    if not sys.platform.startswith("linux"):
        return ()
    kernel = _kernel()
    if kernel.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return ()
    fences: tuple[tuple[Fence, bool], ...] = (
        ("files", _set_landlock(kernel, readable, writable)), ("parent", _die_with_parent(kernel, parent)),
        ("network", _set_seccomp(kernel)),
    )  # fmt: skip
    return tuple(name for name, stands in fences if stands)


def die_with_parent(*, parent: int) -> bool:
    """Have this process killed with the thread of process `parent` that started it; False where no kernel can."""
    return sys.platform.startswith("linux") and _die_with_parent(_kernel(), parent)


def _die_with_parent(kernel: ctypes.CDLL, parent: int) -> bool:
    """Have this process killed when its parent dies; exit now where it is dead already."""
    active = bool(kernel.prctl(PARENT_DEATH, signal.SIGKILL, 0, 0, 0) == 0)
    if os.getppid() != parent:
        raise SystemExit(1)
    return active


def _kernel() -> ctypes.CDLL:
    """Return the C library with register-wide argument types for system calls."""
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    kernel.syscall.argtypes = [ctypes.c_long] * 5
    kernel.syscall.restype = ctypes.c_long
    return kernel


def system_folders() -> tuple[Path, ...]:
    """Return the folders and files that Python and its libraries are loaded from."""
    python_paths = [
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *sys.path,
        *os.environ.get("LD_LIBRARY_PATH", "").split(":"),
    ]
    fixed = ["/usr", "/lib", "/lib64", "/nix/store", "/proc", "/sys/devices/system", "/sys/fs/cgroup", "/dev/null",
             "/dev/urandom", "/dev/random", "/etc/ld.so.cache", "/etc/localtime"]  # fmt: skip
    return tuple(dict.fromkeys(Path(each).resolve() for each in (*python_paths, *fixed) if each))


def _set_landlock(kernel: ctypes.CDLL, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Set a Landlock domain: read access below `readable`, full access below `writable`, no TCP."""
    version = kernel.syscall(CREATE_RULESET, 0, 0, VERSION_ASKED, 0)
    if version < 1:
        return False
    handled = EXECUTE | READ_FILE | READ_DIR | CHANGES | sum(bit for since, bit in NEWER.items() if version >= since)
    words = [handled]
    words += [BIND_CONNECT] if version >= NETWORK_SINCE else []
    words += [ABSTRACT_SOCKETS_SIGNALS] if version >= SCOPES_SINCE else []
    attributes = ctypes.create_string_buffer(struct.pack(f"={len(words)}Q", *words), 8 * len(words))
    rules = kernel.syscall(CREATE_RULESET, ctypes.addressof(attributes), len(attributes), 0, 0)
    if rules < 0:
        return False
    try:
        for path, rights in (*((each, EXECUTE | READ_FILE | READ_DIR) for each in readable),
                             *((each, handled & ~EXECUTE) for each in writable)):  # fmt: skip
            _allow(kernel, rules, path, rights & handled)
        return bool(kernel.syscall(RESTRICT_SELF, rules, 0, 0, 0) == 0)
    finally:
        os.close(rules)


def _allow(kernel: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & FILE_RIGHTS, descriptor)
        attributes = ctypes.create_string_buffer(rule, len(rule))
        kernel.syscall(ADD_RULE, rules, PATH_BENEATH, ctypes.addressof(attributes), 0)
    finally:
        os.close(descriptor)


def _set_seccomp(kernel: ctypes.CDLL) -> bool:
    """Set a seccomp filter: no sockets, no new processes, no access to other processes' memory; threads are allowed."""
    machine = MACHINES.get(platform.machine())
    if machine is None or sys.byteorder != "little":
        return False
    code = b"".join(struct.pack("=HBBI", *line) for line in _filter_program(*machine))
    lines = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(lines))
    program = ctypes.create_string_buffer(header, len(header))
    return bool(kernel.prctl(SET_SECCOMP, FILTER, ctypes.addressof(program), 0, 0) == 0)


def _filter_program(machine: int, refused: Sequence[int], clone: int, clone3: int) -> list[tuple[int, int, int, int]]:
    """Return the BPF program: (operation, jump if true, jump if false, operand) for each instruction."""
    lines = [
        (LOAD, 0, 0, MACHINE_AT), (EQUAL, 1, 0, machine), (RETURN, 0, 0, REFUSE | EPERM),
        (LOAD, 0, 0, NUMBER_AT), (AT_LEAST, 0, 1, X32), (RETURN, 0, 0, REFUSE | EPERM),
        (EQUAL, 0, 1, clone3), (RETURN, 0, 0, REFUSE | ENOSYS),
    ]  # fmt: skip
    for number in refused:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE | EPERM)]
    lines += [
        (EQUAL, 0, 3, clone), (LOAD, 0, 0, FIRST_ARGUMENT_AT), (ANY_BIT, 1, 0, THREAD), (RETURN, 0, 0, REFUSE | EPERM),
        (RETURN, 0, 0, ALLOW),
    ]  # fmt: skip
    return lines
