"""A server with access rules, data, and a session for each of its users."""

from dataclasses import dataclass, field

from tests.end_to_end.client import CLIENT_KEY, Answer, RawSession
from tests.end_to_end.gateway import OPERATION, QOS, Gateway, binding, policy, qos
from tests.end_to_end.process import password_hash
from tests.server.nacm.gate import NACM, rule, rule_list

KEY = CLIENT_KEY.export_public_key("openssh").decode().strip()
USERS = f"""
[access]
recovery_users = ["rescue"]
[users.viewer]
password = "{password_hash()}"
authorized_keys = ["{KEY}"]
groups = ["viewers"]
[users.rescue]
authorized_keys = ["{KEY}"]
groups = ["nobody"]
"""
SECRET = policy("secret", 1, "<description>hidden</description>")
DATA = qos(policy("p", 1, "<description>open</description>") + binding("eth0", "p"))
COUNTERS = ("denied-operations", "denied-data-writes", "denied-notifications")


def path_rule(name: str, path: str, action: str, accesses: str = "*") -> str:
    """A rule about data of the gateway; names are prefixed by ``iq``."""
    return rule(name, action, access_operations=accesses).replace(
        "<action>", f'<path xmlns:iq="{QOS}">{path}</path><action>'
    )


def nacm(content: str) -> str:
    return f'<nacm xmlns="{NACM}">{content}</nacm>'


HIDE = path_rule("hide", "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='secret']", "deny")


def viewers(*rules: str) -> str:
    """Replace the rules of the viewers."""
    listed = rule_list("viewers", "viewers", *rules)
    return nacm(listed.replace("<rule-list>", f'<rule-list {OPERATION}="replace">'))


@dataclass
class House:
    """A server with data, and a session for each of its users."""

    gateway: Gateway
    sessions: dict[str, RawSession] = field(default_factory=dict)

    def session(self, user: str) -> RawSession:
        found = self.sessions.get(user)
        if found is None:
            found = self.sessions[user] = self.gateway.connect(username=user).session()
        return found

    @property
    def admin(self) -> RawSession:
        return self.session("admin")

    @property
    def viewer(self) -> RawSession:
        return self.session("viewer")

    def rules(self, *rules: str) -> None:
        self.admin.edit(viewers(*rules), "running")

    def counters(self) -> tuple[int, ...]:
        told = self.admin.get(nacm("".join(f"<{name}/>" for name in COUNTERS)))
        return tuple(int(told.value(name)) for name in COUNTERS)

    def log(self) -> str:
        return "".join(self.gateway.server.log)


def names(answer: Answer) -> list[str]:
    return answer.values("policies/policy/name")


def denied(answer: Answer) -> tuple[str, str | None]:
    fault = answer.fault
    assert fault.tag == "access-denied", fault
    return fault.type, fault.path
