"""Errors of data: each with the path, the value and the rule (RFC 7950, sections 8.3 and 15)."""

from collections.abc import Callable
from difflib import get_close_matches

from lxml import etree

from server.datastore.instance_path import InstancePath, node_of_element, path_of_element
from server.errors import RpcError
from server.namespaces import BASE, YANG
from yang.scalars import InvalidValue, quote
from yang.schema import Inner


def fault(
    tag: str,
    message: str,
    path: InstancePath,
    app_tag: str | None = None,
    info: tuple[tuple[str, str], ...] = (),
) -> RpcError:
    """Return an error at an instance path."""
    return RpcError(
        tag, message, app_tag=app_tag, path=path.text, namespaces=path.namespaces, info=info
    )


class Locator:
    """Finds the instance path of an element, only when there is an error to tell."""

    def __init__(
        self,
        top: Inner,
        holder: etree._Element,
        above: Callable[[], InstancePath] | None = None,
    ) -> None:
        """``above`` gives the path of the holder, where that is an operation and not the root."""
        self._top = top
        self._holder = holder
        self._above = above

    def path(self, element: etree._Element) -> InstancePath:
        """Return the instance path of an element."""
        above = self._above() if self._above else None
        return path_of_element(self._top, element, self._holder, above)

    def at(
        self, tag: str, message: str, element: etree._Element, app_tag: str | None = None
    ) -> RpcError:
        """Return an error at an element, which it names where its tag asks for that."""
        named = tag in ("bad-element", "unknown-element")
        info = (("bad-element", etree.QName(element).localname),) if named else ()
        return fault(tag, message, self.path(element), app_tag, info)

    def invalid(self, element: etree._Element, reason: InvalidValue) -> RpcError:
        """Return the error for a value that its type refuses."""
        name, value = etree.QName(element).localname, quote(element.text or "")
        # The error-message of a module tells the rule, but not what was given.
        given = name if value in reason.message else f"{name} {value}"
        return fault(
            "invalid-value", f"{given}: {reason.message}", self.path(element), reason.app_tag
        )

    def unknown(self, element: etree._Element) -> RpcError:
        """Return the error for an element that the schema does not have there."""
        name = etree.QName(element)
        parent = element.getparent()
        path = self.path(element)
        info = (("bad-element", name.localname),)
        if parent is not None and name.namespace and not self._knows(name.namespace):
            message = f"<{name.localname}> is in the unknown namespace {name.namespace!r}"
            if name.namespace in (BASE, YANG):
                # What a client forgot to declare inherits the namespace of the message.
                message += _instead(name.localname)
            return fault(
                "unknown-namespace",
                message,
                path,
                info=(*info, ("bad-namespace", name.namespace)),
            )
        if name.namespace:
            where = f"in the namespace {name.namespace!r}"
        else:
            where = "without a namespace (xmlns is missing)"
        message = f"<{name.localname}> {where} is not known here{self._suggestion(element)}"
        return fault("unknown-element", message, path, info=info)

    def _knows(self, namespace: str) -> bool:
        of_operation = self._above is not None and etree.QName(self._holder).namespace
        return namespace == of_operation or any(_has_namespace(self._top, namespace))

    def _suggestion(self, element: etree._Element) -> str:
        """Return what was probably meant, as the end of a sentence; nothing if nothing is like it.

        A name that is right in a wrong namespace is told with the right one.
        """
        parent = element.getparent()
        if parent is None:
            return ""
        node = node_of_element(self._top, parent, self._holder)
        names = {child.name: child for child in getattr(node, "children", ())}
        alike = get_close_matches(etree.QName(element).localname, names, n=1, cutoff=0.75)
        if not alike:
            return ""
        child = names[alike[0]]
        if child.name == etree.QName(element).localname:
            return f'; did you mean <{child.name} xmlns="{child.module.namespace}">?'
        return f"; did you mean <{child.name}>?"


def _instead(name: str) -> str:
    """Return what to do about an element in a namespace of the protocol, to end a sentence."""
    if name in ("config", "data"):
        return f"; give what is in <{name}>, without <{name}> itself"
    return "; its xmlns seems to be missing"


def _has_namespace(top: Inner, namespace: str) -> list[bool]:
    pending: list[Inner] = [top]
    while pending:
        node = pending.pop()
        for child in node.children:
            if child.module.namespace == namespace:
                return [True]
            if hasattr(child, "children"):
                pending.append(child)  # type: ignore[arg-type]
    return []
