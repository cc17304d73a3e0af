"""Turns results into a table, and keeps them under bench/history."""

import json
import os
import pathlib
import platform
import re
import subprocess

HEADINGS = ["case", "output on", "peer wall s (min–max)", "gantry wall s (min–max)", "ratio", "bar",
            "ratio to unsynced peer", "CPU s peer / gantry", "peak MiB peer / gantry", "verdict"]


def wall_table(results):
    return table(HEADINGS, [wall_row(result) for result in results])


def wall_row(result):
    peer, ours = result.get("peer"), result.get("gantry")
    ratio = quotient(ours, peer)
    return [result["case"], result["place"], wall(peer), wall(ours), ratio_text(ratio), bar(result),
            ratio_text(quotient(ours, result.get("peer_unsynced"))),
            f"{number(peer, 'cpu_median', '.2f')} / {number(ours, 'cpu_median', '.2f')}",
            f"{number(peer, 'rss_max', '.0f')} / {number(ours, 'rss_max', '.0f')}",
            verdict(result, ours, ratio)]


def quotient(ours, peer):
    return ours["wall_median"] / peer["wall_median"] if ours and peer else None


def ratio_text(ratio):
    return "" if ratio is None else f"{ratio:.2f}"


def wall(summary):
    if summary is None:
        return ""
    return f"{summary['wall_median']:.2f} ({summary['wall_min']:.2f}–{summary['wall_max']:.2f})"


def number(summary, key, form):
    return "–" if summary is None else format(summary[key], form)


def bar(result):
    if result["ratio_max"]:
        return f"≤ {result['ratio_max']}"
    return f"≤ {result['seconds_max']} s" if result["seconds_max"] else ""


def verdict(result, ours, ratio):
    if "error" in result:
        return "FAILED: " + result["error"]
    if ours is None:
        return ""
    slow = (result["ratio_max"] and ratio > result["ratio_max"]
            or result["seconds_max"] and ours["wall_median"] > result["seconds_max"])
    large = result["rss_max_mib"] and ours["rss_max"] > result["rss_max_mib"]
    misses = ["slow"] * bool(slow) + ["large"] * bool(large)
    return ", ".join(misses) or "ok"


def cgroup_table(results):
    return table(
        ["case in a 192 MiB memory cgroup", "completes", "wall s", "cgroup peak MiB", "limit met", "OOM kills"],
        [[r["case"], "yes" if r["completed"] else "NO: " + r["error"],
          f"{r['wall_seconds']:.1f}" if r["completed"] else "", f"{r['peak_mib']:.0f}",
          str(r["limit_hits"]), str(r["oom_kills"])] for r in results])


def table(headings, rows):
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine():
    return {
        "cpu": first_match("/proc/cpuinfo", r"model name\s*:\s*(.*)"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": int(first_match("/proc/meminfo", r"MemTotal:\s*(\d+)")) // 1024,
        "kernel": platform.release(),
        "system": first_match("/etc/os-release", r'PRETTY_NAME="(.*)"'),
    }


def first_match(path, pattern):
    found = re.search(pattern, pathlib.Path(path).read_text())
    return found.group(1) if found else "unknown"


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "missing"
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0].split("(")[0].strip() if lines else "unknown"


def versions(gantry):
    return {
        "gantry": first_line("bash", "-c", f"{gantry} --version"),
        "java": first_line(java(), "--version"),
        "qemu-img": first_line("qemu-img", "--version"),
        "gzip": first_line("gzip", "--version"),
        "zstd": first_line("zstd", "--version"),
        "xz": first_line("xz", "--version"),
        "nginx": first_line("nginx", "-v"),
        "curl": first_line("curl", "--version"),
    }


def java():
    found = sorted(pathlib.Path("/usr/lib/jvm").glob("*25*/bin/java"))
    return str(found[0]) if found else "java"


def commit(root):
    name = first_line("git", "-C", str(root), "rev-parse", "--short=10", "HEAD")
    changed = first_line("git", "-C", str(root), "status", "--porcelain", "--untracked-files=no")
    return name if changed == "unknown" else name + "-changed"


def markdown(record):
    parts = [f"## {record['date']}, commit {record['commit']}, {record['runs']} alternating runs", ""]
    host = record["machine"]
    parts.append(f"{host['cpu']}, {host['cores']} cores, {host['memory_mib']} MiB, {host['system']}, "
                 f"Linux {host['kernel']}; load average {record['load_before']} before, "
                 f"{record['load_after']} after{', each run at the highest priority' * record['alone']}.")
    parts.append("; ".join(f"{key}: {value}" for key, value in record["versions"].items()) + ".")
    parts.append("Files: " + ", ".join(f"{key} {value:,} bytes" for key, value in record["files"].items()) + ".")
    if record["note"]:
        parts.append(record["note"])
    parts.append("")
    if record["results"]:
        parts += [wall_table(record["results"]), ""]
    if record["cgroup"]:
        parts += [cgroup_table(record["cgroup"]), ""]
    return "\n".join(parts)


def keep(record, history):
    """Appends, so that several runs of one commit on one day stay side by side."""
    history.mkdir(parents=True, exist_ok=True)
    stem = history / f"{record['date'][:10]}-{record['commit']}"
    data = stem.with_suffix(".json")
    earlier = json.loads(data.read_text()) if data.exists() else []
    data.write_text(json.dumps([*earlier, record], indent=1) + "\n")
    with stem.with_suffix(".md").open("a") as page:
        page.write(markdown(record))
    return stem.with_suffix(".md")
