"""A memory cgroup (v1 or v2) with a limit, page cache counted."""

import contextlib
import dataclasses
import os
import pathlib


@dataclasses.dataclass(frozen=True)
class Names:
    """The files of one version of the interface (Documentation/admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst)."""

    root: str
    limit: str
    peak: str
    pressure: tuple  # file and key of the count of allocations that met the limit
    killed: tuple


V1 = Names("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes",
           ("memory.failcnt", None), ("memory.oom_control", "oom_kill"))
V2 = Names("/sys/fs/cgroup", "memory.max", "memory.peak",
           ("memory.events", "max"), ("memory.events", "oom_kill"))


@dataclasses.dataclass(frozen=True)
class Usage:
    peak_mib: float
    limit_hits: int
    oom_kills: int


class MemoryGroup:
    def __init__(self, path, names):
        self.path = path
        self.names = names

    def wrap(self, command):
        """The command line that moves its own shell, and so all its children, into the group first."""
        return f"echo $$ > {self.path}/cgroup.procs; {command}"

    def usage(self):
        peak = int((self.path / self.names.peak).read_text())
        return Usage(peak / (1 << 20), self.number(self.names.pressure), self.number(self.names.killed))

    def number(self, place):
        name, key = place
        lines = [line.split() for line in (self.path / name).read_text().splitlines()]
        if key is None:
            return int(lines[0][0])
        return next((int(line[1]) for line in lines if line[0] == key), 0)


def missing():
    """Why no group can be made here, or None."""
    if os.geteuid() != 0:
        return "needs root"
    return None if interface() else "no memory controller under /sys/fs/cgroup"


def interface():
    if pathlib.Path(V1.root, V1.limit).exists():
        return V1
    controllers = pathlib.Path(V2.root, "cgroup.subtree_control")
    return V2 if controllers.exists() and "memory" in controllers.read_text().split() else None


@contextlib.contextmanager
def limited(limit_bytes):
    names = interface()
    path = pathlib.Path(names.root, f"gantry-bench-{os.getpid()}")
    path.mkdir()
    try:
        (path / names.limit).write_text(str(limit_bytes))
        yield MemoryGroup(path, names)
    finally:
        path.rmdir()
