"""Prints the results and the bars: FILE. Exits with 1 if a bar is missed."""

import json
import sys

RATIO, P99_MS, MEMORY_MB = 5, 200, 100
BACKENDS, ENDPOINTS = ("sqlite", "postgresql"), ("list", "read", "create", "mixed")


def main() -> int:
    with open(sys.argv[1]) as file:
        lines = [json.loads(line) for line in file]
    by_key = {
        (line["side"], line["backend"], line["endpoint"], line["customers"] if line.get("size") else None): line
        for line in lines
        if "endpoint" in line
    }
    memory = {}
    for line in lines:
        if "memory_mb" in line:
            key = line["side"], line["backend"]
            memory[key] = max(memory.get(key, 0), line["memory_mb"])
    bars = []

    for line in lines:
        if "machine" in line:
            print(line["machine"])
    print(
        f"\n{'backend':<11}{'endpoint':<9}{'side':<12}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'others %':>10}{'ratio':>8}"
    )
    for backend in BACKENDS:
        for endpoint in ENDPOINTS:
            reference = by_key.get(("reference", backend, endpoint, None))
            ours = by_key.get(("backoffice", backend, endpoint, None))
            ratio = ours["requests_per_second"] / reference["requests_per_second"] if ours and reference else None
            for figures, shown in ((reference, ""), (ours, f"{ratio:.2f}" if ratio else "")):
                if figures:
                    print(
                        f"{backend:<11}{endpoint:<9}{figures['side']:<12}{figures['requests_per_second']:>11.0f}"
                        f"{figures['p50_ms']:>9.1f}{figures['p99_ms']:>9.1f}"
                        f"{figures['others_percent']:>10.0f}{shown:>8}"
                    )
            if ratio:
                bars.append((f"{backend} {endpoint}: {ratio:.2f} times the reference", f">= {RATIO}", ratio >= RATIO))
            if ours:
                p99 = ours["p99_ms"]
                bars.append((f"{backend} {endpoint}: p99 {p99:.1f} ms", f"< {P99_MS} ms", p99 < P99_MS))

    sizes = sorted({key[3] for key in by_key if key[3]})
    if sizes:
        print(f"\nA page of 50, with {sizes[0]} and with {sizes[-1]} customers in the organization (requests/s)")
    for side, backend in dict.fromkeys(key[:2] for key in by_key if key[3]):
        for endpoint, name in (("list", "first page"), ("list, middle", "page in the middle")):
            small, large = (by_key.get((side, backend, endpoint, size)) for size in (sizes[0], sizes[-1]))
            if small and large:
                rates = small["requests_per_second"], large["requests_per_second"]
                print(
                    f"{backend:<11}{side:<12}{name:<19}{rates[0]:>8.0f}{rates[1]:>8.0f}"
                    f"   cost of one, larger / smaller = {rates[0] / rates[1]:.2f}"
                )

    print("\nPeak memory of the server's processes (VmHWM, summed)")
    for (side, backend), megabytes in memory.items():
        print(f"{backend:<11}{side:<12}{megabytes:>8.1f} MB")
        if side == "backoffice":
            bars.append((f"{backend}: memory {megabytes:.1f} MB", f"< {MEMORY_MB} MB", megabytes < MEMORY_MB))

    noise = max((line.get("others_percent", 0) for line in lines), default=0)
    if noise > 5:
        print(f"\nOther programs used up to {noise:.0f} % of the CPU: repeat the measurement on an idle machine")
    if bars:
        print("\nBars")
    for what, bar, met in bars:
        print(f"{'met' if met else 'MISSED':<7}{what} ({bar})")
    return 0 if all(met for *_, met in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
