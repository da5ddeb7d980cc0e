"""What RFC 6241 says of the confirmed commit, in the fewest words: the reference for the real one.

Configurations are numbers. A method that refuses returns the error-tag.
"""

from dataclasses import dataclass


@dataclass
class Pending:
    before: int
    owner: int
    token: str | None
    deadline: float


class Reference:
    """One running configuration, any number of sessions."""

    def __init__(self) -> None:
        self.running = 0
        self.pending: Pending | None = None
        self.lock: int | None = None
        self.overdue = False
        """The roll-back has been decided, and the dataplane does not let it happen."""

    def commit(
        self,
        who: int,
        value: int,
        now: float,
        timeout: int | None,
        persist: str | None,
        persist_id: str | None,
        broken: bool,
    ) -> str | None:
        if self.lock not in (None, who):
            return "in-use"
        refused = self._refuse(who, persist_id)
        if refused:
            return refused
        if broken and value != self.running:
            return "operation-failed"
        before = self.running
        self.running = value
        if timeout is None:
            self.pending = None
        elif self.pending is None:
            self.pending = Pending(before, who, persist, now + timeout)
        else:
            token = self.pending.token if persist is None else persist
            self.pending = Pending(self.pending.before, who, token, now + timeout)
        return None

    def _refuse(self, who: int, persist_id: str | None) -> str | None:
        if self.overdue:
            return "in-use"
        if self.pending is None:
            return None if persist_id is None else "invalid-value"
        if persist_id is not None:
            return None if persist_id == self.pending.token else "invalid-value"
        mine = self.pending.owner == who and self.pending.token is None
        return None if mine else "in-use"

    def edit(self, who: int, value: int, broken: bool) -> str | None:
        if self.lock not in (None, who):
            return "in-use"
        if self.pending is not None and self._refuse(who, None):
            return "in-use"
        if broken and value != self.running:
            return "operation-failed"
        self.running = value
        return None

    def cancel(self, who: int, persist_id: str | None, broken: bool) -> str | None:
        if self.lock not in (None, who):
            return "in-use"
        pending = self.pending
        if pending is None:
            return "operation-failed" if persist_id is None else "invalid-value"
        if not self.overdue:
            if persist_id is not None and persist_id != pending.token:
                return "invalid-value"
            if persist_id is None and pending.owner != who:
                return "in-use"
        return None if self._go_back(broken) else "operation-failed"

    def take_lock(self, who: int) -> str | None:
        if self.lock is not None:
            return "lock-denied"
        if self.pending is not None and (self.pending.owner != who or self.overdue):
            return "lock-denied"
        self.lock = who
        return None

    def end(self, who: int, broken: bool) -> None:
        if self.lock == who:
            self.lock = None
        if self.pending is None or self.pending.owner != who:
            return
        if self.pending.token is None and not self.overdue:
            self.overdue = True
            self._go_back(broken)
        else:
            self.pending.owner = 0

    def tick(self, now: float, broken: bool) -> None:
        if self.pending is not None and now >= self.pending.deadline:
            self.overdue = True
        if self.overdue:
            self._go_back(broken)

    def restart(self, same_boot: bool, now: float) -> None:
        self.lock = None
        if self.pending is None:
            return
        resumes = self.pending.token is not None and same_boot and now < self.pending.deadline
        if resumes and not self.overdue:
            self.pending.owner = 0
        else:
            self._go_back(broken=False)

    def _go_back(self, broken: bool) -> bool:
        assert self.pending is not None
        if broken and self.pending.before != self.running:
            return False
        self.running = self.pending.before
        self.pending = None
        self.overdue = False
        return True
