"""What the operations work on: one object that holds the parts of a server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.dataplane import Dataplane
from server.datastore.datastores import Datastores
from server.datastore.view import View
from server.events.stream import EventStream
from server.nacm.control import AccessControl
from server.sessions import Sessions
from server.subscriptions.notices import Notices
from server.subscriptions.pushing import Pushing
from server.subscriptions.registry import Subscriptions
from server.xpath.evaluation import EvaluationLimits
from yang.library import Library
from yang.schema import Schema


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a server."""

    schema: Schema
    datastores: Datastores
    view: View
    dataplane: Dataplane
    sessions: Sessions
    library: Library
    events: EventStream
    subscriptions: Subscriptions
    notices: Notices
    pushing: Pushing
    access: AccessControl
    clock: Callable[[], datetime]
    evaluation_limits: EvaluationLimits = EvaluationLimits()
