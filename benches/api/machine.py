"""Process statistics of Linux: peak memory, and the CPU use of other programs."""

import json
import os
import platform
import socket
import sqlite3
import sys
import time
from importlib import metadata

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    found = [root]
    for process in found:
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children") as children:
                    found += map(int, children.read().split())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def peak_mb(root: int) -> float:
    """The sum of the peaks of resident memory, in megabytes."""
    total = 0
    for process in tree(root):
        with open(f"/proc/{process}/status") as status:
            total += sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return total * 1024 / 1e6


def processor_seconds(roots: list[int]) -> float:
    """CPU time of the processes and their descendants, including those that have ended."""
    ticks = 0
    for root in roots:
        for process in tree(root):
            try:
                with open(f"/proc/{process}/stat") as stat:
                    ticks += sum(map(int, stat.read().rpartition(")")[2].split()[11:15]))
            except (FileNotFoundError, ProcessLookupError):
                pass
    return ticks / TICKS


def parent(process: int) -> int:
    with open(f"/proc/{process}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def connections(port: int) -> set[str]:
    """Peer addresses of connections to a local port, including those in TIME_WAIT."""
    with open("/proc/net/tcp") as file:
        pairs = [line.split()[1:3] for line in file][1:]
    of_port = f":{port:04X}"
    nobody = "00000000:0000"
    return {one for pair in pairs for one, other in (pair, pair[::-1]) if other.endswith(of_port) and one != nobody}


class Others:
    """The CPU use of all programs other than the given ones, in percent.

    Includes steal time of other virtual machines; excludes interrupts, which are mostly caused by the measurement.
    """

    def __init__(self, roots: list[int]):
        self.roots = roots
        self.start = self._now()

    def _now(self) -> tuple[float, float, float]:
        with open("/proc/stat") as stat:
            user, nice, system, _, _, _, _, stolen, *_ = map(int, stat.readline().split()[1:])
        return time.monotonic(), (user + nice + system + stolen) / TICKS, processor_seconds(self.roots)

    def percent(self) -> float:
        passed, all_of_it, ours = (end - start for start, end in zip(self.start, self._now()))
        return max(0.0, 100 * (all_of_it - ours) / (passed * (os.cpu_count() or 1)))


def wait_for_quiet(roots: list[int], end: float, limit: float = 5) -> None:
    """Waits until other programs use less than this share, or until the timeout."""
    while True:
        others = Others(roots)
        time.sleep(1)
        if others.percent() < limit or time.monotonic() > end:
            return


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def describe() -> dict:
    """The machine and the versions of the measurement."""
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    processor = f"{os.cpu_count()} x {names[0] if names else platform.machine()}"
    packages = ("fastapi", "sqlalchemy", "pydantic", "uvicorn", "psycopg")
    versions = [f"{package} {metadata.version(package)}" for package in packages]
    versions += [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version} in it"]
    seconds, connections = os.environ["BENCH_SECONDS"], os.environ["BENCH_CONNECTIONS"]
    what = f"{connections} connections, {seconds} s each. {processor}. Reference: {', '.join(versions)}"
    return {"machine": what, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


if __name__ == "__main__":
    print({"free-port": free_port, "describe": lambda: json.dumps(describe())}[sys.argv[1]]())
