"""The difference of two configurations, sent as an edit, makes the one into the other."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.datastore.edit import applied
from server.datastore.edit_document import EditWriter
from server.namespaces import BASE
from tests.differential import broad
from tests.server.datastore.test_rewind import edits, policies
from tests.yang.compiled import bindings
from yang.bindings import gateway
from yang.schema import Schema


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


@settings(deadline=None)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_it_leads_from_any_configuration_to_any_other(
    schema: Schema, seed: int, about: str
) -> None:
    writer = EditWriter(schema)
    roots = [schema.root.empty, *edits(schema, about, seed)]
    for old, new in [*pairwise(roots), *pairwise(reversed(roots)), (roots[0], roots[-1])]:
        document = f'<config xmlns="{BASE}">{writer.edit(old, new)}</config>'
        found = applied(schema, old, etree.fromstring(document), "merge")
        assert found == new, document
        assert writer.edit(new, new) == ""


def test_it_tells_no_more_than_what_differs() -> None:
    schema = gateway.SCHEMA
    writer = EditWriter(schema)
    one = policies(policies(schema.root.empty, "same", 1), "p", 1)
    two = policies(one, "p", 2)
    top = '<ipsec-qos xmlns="urn:ipsec-qos:yang:ipsec-qos"'
    operation = f' xmlns:nc="{BASE}" xmlns:yang="urn:ietf:params:xml:ns:yang:1">'
    key = "<name>p</name><sequence-number>1</sequence-number>"
    assert writer.edit(one, two) == (
        f"{top}{operation}<policies><policy>{key}<outbound><speed-limit><rate>2000</rate>"
        "</speed-limit></outbound></policy></policies></ipsec-qos>"
    )
    less = policies(schema.root.empty, "same", 1)
    assert writer.edit(two, less) == (
        f'{top}{operation}<policies><policy nc:operation="delete">{key}</policy>'
        "</policies></ipsec-qos>"
    )
    assert writer.edit(less, less) == ""
