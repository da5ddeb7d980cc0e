"""The campaign: the same documents and edits to three judges, until they disagree.

Judges: our engine on the whole document, our engine on the change alone, and libyang on the whole
document. After an accepted edit the tree and the indexes must equal those of a rebuild.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from lxml import etree

from server.validation.validator import Version
from tests.differential.documents import Domains, Drawer, top_level
from tests.differential.engine import Engine
from tests.libyang import Context

EDITS = 40
"""Edits in a row from one valid document."""
FAULTS = 12
"""Faults of type tried on one valid document."""

Judge = Callable[[bytes], bool]


@dataclass
class Tally:
    """What a campaign counted."""

    verdicts: int = 0
    accepted: int = 0
    refused_edits: int = 0
    sole: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def told(self, rate: float) -> str:
        """Say it all in a few lines."""
        rare = sorted(self.sole.items(), key=lambda item: item[1])
        lines = [
            f"{self.verdicts} verdicts, {rate:.0f} a second, {self.accepted} accepted,"
            f" {self.refused_edits} edits refused, {len(self.disagreements)} disagreements;"
            " the only cause:"
        ]
        return "\n".join(lines + [f"{times:7} {cause}" for cause, times in rare])

    def count(self, accepted: bool, causes: frozenset[str]) -> None:
        """Count one verdict."""
        self.verdicts += 1
        self.accepted += accepted
        if len(causes) == 1:
            self.sole.update(causes)


class Campaign:
    """Draws, asks the judges, and shrinks what they disagree on."""

    def __init__(
        self,
        engine: Engine,
        oracle: Context,
        domains: Domains,
        seed: int,
        tally: Tally | None = None,
    ) -> None:
        self._engine = engine
        self._oracle = oracle
        self._drawer = Drawer(engine.schema, domains, Random(seed))
        self.tally = tally or Tally()

    def run(self, verdicts: int, disagreements: int = 1) -> Tally:
        """Go on until so many verdicts are given, or so many times the judges disagree."""
        while self.tally.verdicts < verdicts and len(self.tally.disagreements) < disagreements:
            version = self._document()
            if version is not None:
                version = self._edits(version)
                self._faults(version)
        return self.tally

    # ---- the three kinds of question

    def _document(self) -> Version | None:
        """Judge a random document; return its version if all accept it."""
        config = self._drawer.document()
        reason = self._differs_on_document(config)
        verdict = self._engine.load(config)
        self.tally.count(verdict.accepted, verdict.causes)
        if reason is not None:
            small = shrunk(config, lambda c: self._differs_on_document(c) is not None)
            self._report(self._differs_on_document(small) or reason, None, small)
            return None
        return verdict.version if verdict.accepted else None

    def _edits(self, version: Version) -> Version:
        for _ in range(EDITS):
            config = self._drawer.edit()
            verdict = self._engine.apply(version, config)
            if verdict.version is None:
                self.tally.refused_edits += 1
                continue
            self.tally.count(verdict.accepted, verdict.causes)
            if self._differs_on_edit(version, config) is not None:
                self._report_edit(version, config)
                return version
            if verdict.accepted:
                version = verdict.version
        return version

    def _faults(self, version: Version) -> None:
        for _ in range(FAULTS):
            config = self._engine.config(self._engine.document(version.root))
            spoilt = self._drawer.spoil(config)
            if spoilt is None:
                return
            verdict = self._engine.load(config)
            causes = frozenset({f"type {spoilt[0]}"}) if not verdict.accepted else frozenset()
            self.tally.count(verdict.accepted, causes)
            reason = self._differs_on_document(config)
            if verdict.accepted:
                reason = reason or f"both take the refused text {spoilt[1].text!r}"
            if reason is not None:
                self._report(reason, None, config)

    # ---- differences

    def _differs_on_document(self, config: etree._Element) -> str | None:
        ours = self._engine.load(config)
        theirs = self._oracle.accepts(top_level(config))
        if ours.accepted != theirs:
            return f"ours: {_told(ours.causes, ours.error)}; libyang accepts: {theirs}"
        if ours.version is None or not ours.accepted:
            return None
        again = self._engine.load(self._engine.config(self._engine.document(ours.version.root)))
        if again.version != ours.version:
            return "what is written is not what was read"
        return None

    def _differs_on_edit(self, version: Version, config: etree._Element) -> str | None:
        """Return how the judges differ about one edit of a valid version."""
        change = self._engine.apply(version, config)
        if change.version is None:
            return None
        document = self._engine.document(change.version.root)
        whole = self._engine.load(self._engine.config(document))
        theirs = self._oracle.accepts(document)
        if change.accepted != theirs:
            return f"by the change: {_told(change.causes)}; libyang accepts: {theirs}"
        if whole.causes != change.causes:
            return f"by the change: {_told(change.causes)}; whole: {_told(whole.causes)}"
        if whole.version is None or whole.version.root != change.version.root:
            return "the tree is not that of a rebuild"
        if change.accepted and whole.version.indexes != change.version.indexes:
            return "the indexes are not those of a rebuild"
        return None

    # ---- reports

    def _report_edit(self, version: Version, config: etree._Element) -> None:
        def differs(base: etree._Element, change: etree._Element) -> bool:
            before = self._engine.load(base)
            if before.version is None or not before.accepted:
                return False
            return self._differs_on_edit(before.version, change) is not None

        base = self._engine.config(self._engine.document(version.root))
        if not differs(base, config):
            reason = self._differs_on_edit(version, config) or "?"
            self._report(f"only after more than one edit: {reason}", base, config)
            return
        base = shrunk(base, lambda smaller: differs(smaller, config))
        config = shrunk(config, lambda smaller: differs(base, smaller))
        base = shrunk(base, lambda smaller: differs(smaller, config))
        small = self._engine.load(base).version
        last = self._differs_on_edit(small, config) if small is not None else None
        self._report(last or "?", base, config)

    def _report(self, reason: str, base: etree._Element | None, config: etree._Element) -> None:
        lines = [reason]
        document = top_level(config)
        if base is not None:
            lines += ["from:", etree.tostring(base, pretty_print=True).decode()]
            version = self._engine.load(base).version
            assert version is not None
            after = self._engine.apply(version, config).version
            document = self._engine.document(after.root) if after is not None else document
        lines += ["document:", etree.tostring(config, pretty_print=True).decode()]
        lines += ["libyang says: " + self._oracle.explain(document)]
        self.tally.disagreements.append("\n".join(lines))


def shrunk(config: etree._Element, fails: Callable[[etree._Element], bool]) -> etree._Element:
    """Return the document with every element taken out without which it still fails."""
    smaller = True
    while smaller:
        smaller = False
        for at in range(sum(1 for _ in config.iter()) - 1, 0, -1):
            candidate = _copy(config)
            element = list(candidate.iter())[at]
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
            if _fails(candidate, fails):
                config, smaller = candidate, True
                break
    return config


def _fails(config: etree._Element, fails: Callable[[etree._Element], bool]) -> bool:
    try:
        return fails(config)
    except (KeyError, AssertionError):
        return False


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element))


def _told(causes: frozenset[str], error: str = "") -> str:
    return (
        f"rejected ({'; '.join(sorted(causes))}{error and ': ' + error})" if causes else "accepted"
    )
