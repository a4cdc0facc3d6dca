"""What became of each code between two versions of a codebook."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from koppelkans.study.columns import require

CHANGES = ("unchanged", "renamed", "moved", "merged", "split", "added", "removed")
_COLUMNS = ["change", "old_code", "new_code", "old_name", "new_name", "old_path", "new_path", "basis", "shared"]
Passages = set[tuple[str, str, str]]


@dataclass(frozen=True)
class _Version:
    """The codes of one version (name, parent, path by key), and the passages that each has."""

    codes: dict[str, dict[str, str]]
    passages: dict[str, Passages]


@dataclass(frozen=True)
class _Change:
    kind: str
    old_code: str
    new_code: str
    basis: str = ""


def history(
    old_codes: pd.DataFrame,
    new_codes: pd.DataFrame,
    old_codings: pd.DataFrame,
    new_codings: pd.DataFrame,
    share: float = 0.5,
) -> pd.DataFrame:
    """Say what became of each code between two versions of a project; in the order of the old codes, new ones last.

    `*_codes`: code, name, parent, path; `*_codings`: document, code, start, end. A code of one version is that of the
    other by key; else by a path that occurs once in what is left; else by passages: what is left goes to the code that
    holds at least `share` of its passages (same document, start and end). Columns:

    change: unchanged; renamed; moved (another code above it); merged (passages now stand with a code that another code
        brought passages to, or that was there already); split (passages now have a new code, while the old one goes on
        or went to several); added; removed. A code that was renamed and moved has a row for each.
    old_code, new_code, old_name, new_name, old_path, new_path: "" where there is none.
    basis: key, path, passages, or "" for added and removed.
    shared: passages that both have.

    A code below one that was renamed has not moved itself. Raises ValueError for a share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; expected more than 0 and at most 1, such as 0.5")
    old, new = _version(old_codes, old_codings, "codes (old)"), _version(new_codes, new_codings, "codes (new)")
    pairs = _by_key_or_path(old, new)
    lost = [code for code in old.codes if code not in pairs]
    fresh = [code for code in new.codes if code not in {code_after for code_after, _ in pairs.values()}]
    went_to = {code: _holder(old.passages[code], new, share) for code in lost}
    came_from = {code: _holder(new.passages[code], old, share) for code in fresh}
    changes, explained = [], set()
    for code in fresh:
        joined = [source for source in lost if went_to[source] == code]
        sources = joined or [came_from[code]]
        parts = {part for part in fresh if came_from[part] == sources[0]} | {code}
        if len(joined) == 1 and parts == {code}:
            pairs[joined[0]] = (code, "passages")
        elif len(joined) > 1:
            changes += [_Change("merged", source, code, "passages") for source in joined]
        elif sources[0]:
            changes.append(_Change("split", sources[0], code, "passages"))
        else:
            changes.append(_Change("added", "", code))
        explained.update(sources)
    for code in lost:
        if went_to[code] and went_to[code] not in fresh:
            changes.append(_Change("merged", code, went_to[code], "passages"))
        elif code not in explained:
            changes.append(_Change("removed", code, ""))
    for code, (code_after, basis) in pairs.items():
        changes += [_Change(kind, code, code_after, basis) for kind in _kinds(code, code_after, old, new, pairs)]
    place = {code: number for number, code in enumerate(dict.fromkeys([*old.codes, *new.codes]))}
    changes.sort(key=lambda change: (place.get(change.old_code, len(place)), place.get(change.new_code, -1)))
    return pd.DataFrame([_row(change, old, new) for change in changes], columns=_COLUMNS)


def _version(codes: pd.DataFrame, codings: pd.DataFrame, name: str) -> _Version:
    require(codes, name, ("code", "name", "parent", "path"))
    require(codings, "codings", ("document", "code", "start", "end"))
    texts = codes[["code", "name", "parent", "path"]].fillna("").astype(str)
    known = {code: {"name": called, "parent": parent, "path": path} for code, called, parent, path in texts.to_numpy()}
    passages: dict[str, Passages] = {code: set() for code in known}
    for document, code, start, end in codings[["document", "code", "start", "end"]].astype(str).to_numpy():
        if code in passages:
            passages[code].add((document, start, end))
    return _Version(known, passages)


def _by_key_or_path(old: _Version, new: _Version) -> dict[str, tuple[str, str]]:
    """Pair codes by key, then by a path that occurs once in what is left of both: old code -> (new code, basis)."""
    pairs = {code: (code, "key") for code in old.codes if code in new.codes}
    left_old = _by_path(old, set(old.codes) - set(pairs))
    left_new = _by_path(new, set(new.codes) - set(pairs))
    for path, codes in left_old.items():
        if len(codes) == 1 and len(left_new.get(path, [])) == 1:
            pairs[codes[0]] = (left_new[path][0], "path")
    return pairs


def _by_path(version: _Version, keys: set[str]) -> dict[str, list[str]]:
    by_path: dict[str, list[str]] = {}
    for code, texts in version.codes.items():
        if code in keys:
            by_path.setdefault(texts["path"], []).append(code)
    return by_path


def _kinds(a: str, b: str, old: _Version, new: _Version, pairs: dict[str, tuple[str, str]]) -> list[str]:
    before, after = old.codes[a], new.codes[b]
    above = pairs.get(before["parent"], (before["parent"], ""))[0]
    kinds = ["renamed"] if before["name"] != after["name"] else []
    kinds += ["moved"] if above != after["parent"] else []
    return kinds or ["unchanged"]


def _holder(passages: Passages, other: _Version, share: float) -> str:
    """Return the code that holds most of these passages, if that is at least the share asked; else ""."""
    shared = {code: len(passages & theirs) for code, theirs in other.passages.items()}
    best = max(shared, key=lambda code: shared[code], default="")
    return best if best and passages and shared[best] >= share * len(passages) else ""


def _row(change: _Change, old: _Version, new: _Version) -> tuple[str | int, ...]:
    nothing = {"name": "", "path": ""}
    a, b = old.codes.get(change.old_code, nothing), new.codes.get(change.new_code, nothing)
    shared = len(old.passages.get(change.old_code, set()) & new.passages.get(change.new_code, set()))
    names = (a["name"], b["name"], a["path"], b["path"])
    return (change.kind, change.old_code, change.new_code, *names, change.basis, shared)
