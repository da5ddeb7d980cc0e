"""The module set as clients see it (RFC 8525)."""

from tests.yang.compiled import bindings
from yang.library import Library
from yang.schema import Schema


def library(*modules: str, **features: list[str]) -> Library:
    found = bindings(modules, features={k.replace("_", "-"): v for k, v in features.items()})[0]
    schema = found.SCHEMA
    assert isinstance(schema, Schema)
    return Library(schema, ())


def test_the_content_id_changes_when_the_set_does_and_only_then() -> None:
    both = library("ietf-interfaces", "ietf-netconf-monitoring")
    others = (
        library("ietf-interfaces"),
        library("ietf-interfaces", "ietf-netconf-monitoring", "ietf-origin"),
        library("ietf-interfaces", "ietf-netconf-monitoring", ietf_interfaces=["if-mib"]),
    )
    ids = {both.content_id, *(each.content_id for each in others)}
    assert len(ids) == 4
    assert library("ietf-netconf-monitoring", "ietf-interfaces").content_id == both.content_id


def test_the_content_tells_what_the_capability_announces() -> None:
    found = library("ietf-interfaces", "ietf-netconf", "ietf-netconf-nmda")
    state = found.state()
    assert any(f"content-id={state['content-id']}" in each for each in found.capabilities())
    (modules,) = state["module-set"]
    implemented = {each["name"] for each in modules["module"]}
    imported = {each["name"] for each in modules["import-only-module"]}
    assert {"ietf-interfaces", "ietf-netconf-nmda"} <= implemented
    assert "ietf-inet-types" in imported | implemented
    assert not implemented & imported
    announced = {
        part.partition("=")[2]
        for each in found.capabilities()
        for part in each.partition("?")[2].split("&")
        if part.startswith("module=")
    }
    assert announced == implemented
    assert {each["name"] for each in state["datastore"]} == {
        f"ietf-datastores:{name}" for name in ("running", "candidate", "intended", "operational")
    }
