"""Measures one server that runs: SIDE BACKEND PORT PROCESS (endpoints|sizes), figures as JSON lines to BENCH_OUT."""

import json
import os
import subprocess
import sys
import time

import check
import database
import machine

ENDPOINTS = ("list", "read", "create", "mixed")
# Above this CPU use of other programs, in percent, a measurement is repeated until the patience is used up.
NOISE = 10


class Bench:
    def __init__(self, side: str, backend: str, port: int, process: int):
        self.url = os.environ["DATABASE_URL"]
        self.side, self.backend, self.port, self.process = side, backend, port, process
        self.seconds, self.warm_up = int(os.environ["BENCH_SECONDS"]), int(os.environ["BENCH_WARM_UP"])
        self.rounds = int(os.environ["BENCH_ROUNDS"])
        self.connections = int(os.environ["BENCH_CONNECTIONS"])
        self.patience = float(os.environ["BENCH_PATIENCE"])
        check.wait(port, process)
        self.token = check.sign_in(check.Server(port), os.environ["BENCH_PASSWORD"])
        self.facts = database.facts(self.url)
        if self.facts["last"] - self.facts["first"] + 1 != self.facts["customers"]:
            sys.exit("bench-api: the keys of the customers have gaps")
        # Processes of the measurement: this program with wrk, the server, and PostgreSQL.
        self.ours = [os.getpid(), process]
        if database.backend(self.url) == "postgresql":
            with database.connect(self.url) as connection:
                (worker,) = connection.execute("SELECT pg_backend_pid()").fetchone()
                self.ours.append(machine.parent(worker))

    def wrk(self, endpoint: str, seconds: int, page: str | None) -> dict:
        result = os.path.join(os.environ["BENCH_WORK"], "wrk.json")
        environment = os.environ | {
            "BENCH_ENDPOINT": endpoint,
            "BENCH_TOKEN": self.token,
            "BENCH_FIRST": str(self.facts["first"]),
            "BENCH_COUNT": str(self.facts["customers"]),
            "BENCH_RESULT": result,
        }
        if page is not None:
            environment["BENCH_PAGE"] = page
        script = os.path.join(os.path.dirname(__file__), "load.lua")
        command = ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script]
        command.append(f"http://127.0.0.1:{self.port}")
        output = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        if output.returncode != 0:
            sys.exit(f"bench-api: wrk failed: {output.stderr.decode()}")
        with open(result) as file:
            return json.load(file)

    def once(self, endpoint: str, page: str | None) -> dict:
        self.wrk(endpoint, self.warm_up, page)
        before = database.facts(self.url)
        others, known = machine.Others(self.ours), machine.connections(self.port)
        figures = self.wrk(endpoint, self.seconds, page)
        figures["others_percent"] = round(others.percent(), 1)
        after = database.facts(self.url)

        customers, activities = (after[name] - before[name] for name in ("customers", "activities"))
        bad = {name: figures.pop(name) for name in ("refused", "broken", "timeouts")}
        # wrk silently reconnects when the server closes a connection. At the start it opens one more, to select an
        # address that responds.
        bad["ended"] = max(0, len(machine.connections(self.port) - known) - self.connections - 1)
        check.must(not any(bad.values()), f"{self.side} {self.backend} {endpoint}: errors under load", bad)
        check.must(figures["requests"] > 0, f"{self.side} {self.backend} {endpoint}: no answer at all")
        check.must(customers == activities, "not an activity for each customer", customers, activities)
        if endpoint == "create":
            check.must(customers >= figures["requests"], "fewer customers than answers", customers, figures)
        figures["created"] = customers
        return figures

    def quiet_once(self, endpoint: str, page: str | None) -> dict:
        end = time.monotonic() + self.patience
        while True:
            machine.wait_for_quiet(self.ours, end)
            figures = self.once(endpoint, page)
            if figures["others_percent"] <= NOISE or time.monotonic() > end:
                figures["requests_per_second"] = round(figures["requests"] / figures["seconds"], 1)
                return figures

    def measure(self, endpoint: str, page: str | None = None) -> dict:
        rounds = [self.quiet_once(endpoint, page) for _ in range(self.rounds)]
        rounds.sort(key=lambda figures: figures["requests_per_second"])
        return rounds[len(rounds) // 2] | {"rounds": self.rounds}

    def write(self, **figures) -> None:
        line = {"side": self.side, "backend": self.backend, **figures}
        with open(os.environ["BENCH_OUT"], "a") as file:
            file.write(json.dumps(line) + "\n")
        if "endpoint" in figures:
            rate, p99 = figures["requests_per_second"], figures["p99_ms"]
            print(
                f"  {self.backend} {self.side} {figures['endpoint']} ({figures['customers']} customers):"
                f" {rate:.0f}/s, p99 {p99:.1f} ms",
                file=sys.stderr,
            )

    def endpoints(self) -> None:
        rows = self.facts["customers"]
        page_bytes = check.check(check.Server(self.port, self.token), self.url)
        for endpoint in ENDPOINTS:
            self.write(endpoint=endpoint, customers=rows, page_bytes=page_bytes, **self.measure(endpoint))

    def sizes(self) -> None:
        rows = self.facts["customers"]
        self.write(endpoint="list", customers=rows, size=True, **self.measure("list"))
        page = check.middle(check.Server(self.port, self.token), rows)
        self.write(endpoint="list, middle", customers=rows, size=True, **self.measure("list", page))


def main() -> None:
    side, backend, port, process, what = sys.argv[1:]
    bench = Bench(side, backend, int(port), int(process))
    {"endpoints": bench.endpoints, "sizes": bench.sizes}[what]()
    bench.write(memory_mb=round(machine.peak_mb(int(process)), 1))


if __name__ == "__main__":
    main()
