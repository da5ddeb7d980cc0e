"""Indexes as text: the functions from an entry to the values that it is found under."""

from dataclasses import dataclass

from yang.pyang_plugin.terms import Selection, Uncompilable


@dataclass(frozen=True)
class IndexText:
    """An index as text: entries of ``path`` by ``values``; see ``yang.constraints.Index``."""

    path: str
    values: str
    order: str | None = None


class IndexTexts:
    """The indexes of one model, each made once."""

    def __init__(self) -> None:
        self.all: list[IndexText] = []

    def number(self, path: str, values: str, order: str | None = None) -> int:
        """Return the number of this index, made if it is new."""
        wanted = IndexText(path, values, order)
        if wanted not in self.all:
            self.all.append(wanted)
        return self.all.index(wanted)

    def look_up(self, selection: Selection) -> int:
        """Return the number of the index that a selection asks."""
        return self.number(
            selection.list_node.path,
            _values(selection.fields, selection.present, selection.missing),
            selection.order,
        )


def look_up_value(values: tuple[str, ...]) -> str:
    """Return the text of what entries are found under: one value as it is, others as a tuple.

    A tuple of one would cost every entry of a large list 50 octets or more.
    """
    return values[0] if len(values) == 1 else "(" + ", ".join(values) + ")"


def value_tuple(
    values: tuple[str, ...],
    conditions: list[str],
    present: tuple[str, ...] = (),
    each: str | None = None,
) -> str:
    """Return the text of a function from (entry, keys) to the values it is found under."""
    key = look_up_value(values)
    needed = [f"{v} is not None" for v in (present or values) if _may_be_none(v)]
    tests = [*needed, *conditions]
    if each is not None:
        loop = f"[{key} for v in {each}]"
        return f"lambda e, k: {loop}"
    return f"lambda e, k: ({key},)" + (f" if {' and '.join(tests)} else ()" if tests else "")


def _values(
    fields: tuple[tuple[str, bool], ...], present: tuple[str, ...], missing: tuple[str, ...]
) -> str:
    many = [text for text, plural in fields if plural]
    if len(many) > 1:
        raise Uncompilable("two leaf-lists in one selection")
    conditions = [f"{text} is not None" for text in present]
    conditions += [f"{text} is None" for text in missing]
    names = tuple("v" if plural else text for text, plural in fields)
    if many:
        key = look_up_value(names)
        conditions += [f"{text} is not None" for text in names if _may_be_none(text)]
        tests = f" if {' and '.join(conditions)}" if conditions else ""
        return f"lambda e, k: [{key} for v in {many[0]}{tests}]"
    return value_tuple(names, conditions)


def _may_be_none(text: str) -> bool:
    return text.startswith(("e.", "(e.", "key_text(", "((e."))
