"""The results as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from figures import Figure, Results, Row

_HEAD = ["what", "fluxd", "limit", "fluxd 1.25.4", "other peer", "budget", "result", "more"]


def write(results: Results, folder: Path) -> str:
    """Writes results.md and results.json; the table."""
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(results)
    (folder / "results.md").write_text(text)
    (folder / "results.json").write_text(json.dumps(_plain(results), indent=1) + "\n")
    return text


def markdown(results: Results) -> str:
    lines = [f"{name}: {fact}  " for name, fact in results.facts.items()]
    lines += [
        "",
        "Medians, with the smallest and the largest sample. [In brackets]: a multiple of fluxd's figure.",
    ]
    lines += ["", "| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in results.rows]
    lines += ["", *(f"**{step} was not measured:** {why}" for step, why in results.failures.items())]
    return "\n".join(lines).rstrip() + "\n"


def _cells(row: Row) -> list[str]:
    other = f"{row.other_name} {_peer(row.ours, row.other)}" if row.other else ""
    budget = [row.budget.text, str(row.budget)] if row.budget else ["", ""]
    return [row.what, str(row.ours), _peer(row.ours, row.limit), _peer(row.ours, row.v1), other, *budget, row.note]


def _peer(ours: Figure, peer: Figure | None) -> str:
    if not peer:
        return ""
    if not ours.value:
        return str(peer)
    ratio = peer.value / ours.value
    return f"{peer} [{ratio:.2g}]" if ratio < 10 else f"{peer} [{ratio:,.0f}]"


def _plain(results: Results) -> dict[str, Any]:
    rows = []
    for row in results.rows:
        plain = asdict(row)
        for name in ("ours", "limit", "v1", "other"):
            if plain[name]:
                plain[name]["value"] = getattr(row, name).value
        if row.budget:
            plain["budget"]["met"] = row.budget.met
        rows.append(plain)
    return {"facts": results.facts, "rows": rows, "failures": results.failures}
