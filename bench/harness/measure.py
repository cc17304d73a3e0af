"""Runs one shell command and says what it cost."""

import dataclasses
import os
import signal
import statistics
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Sample:
    """One run. The CPU time is the sum over all processes, the peak RSS that of the largest one."""

    wall_seconds: float
    user_seconds: float
    system_seconds: float
    rss_mib: float

    @property
    def cpu_seconds(self):
        return self.user_seconds + self.system_seconds


class CommandFailed(Exception):
    pass


# Linux schedules sessions against each other before it looks at processes, so nice(1) says nothing to the compilers
# of other sessions (sched(7), autogroup). A session of its own with the highest weight measures on a busy machine
# almost what a quiet one would show. Needs root.
ALONE = "echo -20 > /proc/self/autogroup; "


def run(command, alone=False):
    """Runs a command line in bash and returns its Sample.

    bash waits for every part of a pipeline, and Linux adds what a waited-for child used (CPU summed, peak RSS as a
    maximum, getrusage(2)) to its parent, so one wait4 on bash covers the whole tree. A single command is exec'd by
    bash itself and pays no fork. The RSS has a floor of about 15 MiB: the child of a fork starts with our pages.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        ["bash", "-c", "set -o pipefail; " + (ALONE if alone else "") + command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True)
    try:
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        tail = errors.decode(errors="replace").strip()[-500:]
        raise CommandFailed(f"exit status {process.returncode} from: {command}\n{tail}")
    return Sample(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024)


@dataclasses.dataclass(frozen=True)
class Summary:
    """The median of every quantity on its own, with the range of the wall times and the largest RSS seen."""

    runs: int
    wall_median: float
    wall_min: float
    wall_max: float
    cpu_median: float
    rss_max: float

    @staticmethod
    def of(samples):
        walls = [sample.wall_seconds for sample in samples]
        return Summary(
            len(samples), statistics.median(walls), min(walls), max(walls),
            statistics.median(sample.cpu_seconds for sample in samples),
            max(sample.rss_mib for sample in samples))


def warm_page_cache(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def drop_page_cache(path):
    """Forgets the clean pages of one file, so that whoever reads it next is charged for them."""
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
