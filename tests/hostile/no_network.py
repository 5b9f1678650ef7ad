"""`python -m tests.hostile.no_network [--refuse] COMMAND ...`: runs it where asking for an internet socket is death.

The Linux kernel itself looks at every system call of the process, of its threads and of every process that it starts,
whatever language they are written in (seccomp; Linux 3.17, `man 2 seccomp`). Sockets between local processes stay. With
`--refuse` the socket is only denied, for libraries that ask whether this computer knows IPv6 when they are imported.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_KILL_PROCESS, _ALLOW, _ERROR = 0x80000000, 0x7FFF0000, 0x00050000
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_SOCKET = {"x86_64": 41, "aarch64": 198}
_INET, _INET6, _PACKET = 2, 10, 17
_NUMBER, _FIRST_ARGUMENT = 0, 16  # in `struct seccomp_data`


def supported() -> bool:
    return sys.platform == "linux" and platform.machine() in _SOCKET


def forbid_internet(*, deadly: bool = True) -> None:
    """From now on, for good."""
    answer = _KILL_PROCESS if deadly else _ERROR | errno.EAFNOSUPPORT
    program = [
        (_LOAD, 0, 0, _NUMBER),
        (_IF_EQUAL, 0, 4, _SOCKET[platform.machine()]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 3, 0, _INET),
        (_IF_EQUAL, 2, 0, _INET6),
        (_IF_EQUAL, 1, 0, _PACKET),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, answer),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER, header, 0, 0)):
        if system.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    command = sys.argv[1:]
    refuse = command[0] == "--refuse"
    forbid_internet(deadly=not refuse)
    os.execvp(command[refuse], command[refuse:])
