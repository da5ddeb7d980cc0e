"""Comparisons of two terms as Python (XPath 1.0, section 3.4)."""

from yang.pyang_plugin.terms import Leafs, Term, Uncompilable, Value

COMPARISONS = {"=": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def compare(operator: str, one: Term, other: Term) -> str:
    """Return a Python expression for ``one operator other``."""
    if isinstance(other, Leafs) and not isinstance(one, Leafs):
        one, other, operator = other, one, MIRRORED[operator]
    if isinstance(one, Leafs):
        return _leafs(operator, one, other)
    match one, other:
        case Value(a, "number"), Value(b, "number"):
            return f"({a} {COMPARISONS[operator]} {b})"
        case Value(a, "bool"), Value(b, "bool") if operator in ("=", "!="):
            return f"({a} {COMPARISONS[operator]} {b})"
        case Value(a, "string"), Value(b, "string") if operator in ("=", "!="):
            return f"({a} {COMPARISONS[operator]} {b})"
    raise Uncompilable("a comparison of these")


def as_text(text: str, basis: str) -> str:
    """Return the string-value of a leaf that is there."""
    return text if basis in ("str", "identity") else f"text({text})"


def _leafs(operator: str, leafs: Leafs, other: Term) -> str:
    variable = "v" if leafs.many else leafs.text
    guard = "" if leafs.always or leafs.many else f"{leafs.text} is not None and "
    test = _one(operator, variable, leafs.basis, other)
    if leafs.many:
        return f"any({test} for v in {leafs.text})"
    return f"({guard}{test})"


def _one(operator: str, text: str, basis: str, other: Term) -> str:
    symbol = COMPARISONS[operator]
    match other:
        case Value(value, "number"):
            shown = text if basis == "int" else f"number({text})"
            return f"{shown} {symbol} {value}"
        case Value(value, "string") if operator in ("=", "!="):
            return f"{as_text(text, basis)} {symbol} {value}"
        case Value(value, "string"):
            return f"number({text}) {symbol} number({value})"
        case Leafs(many=False):
            return _two(operator, text, basis, other)
    raise Uncompilable("a comparison with this")


def _two(operator: str, text: str, basis: str, other: Leafs) -> str:
    symbol = COMPARISONS[operator]
    guard = "" if other.always else f"{other.text} is not None and "
    if operator in ("=", "!="):
        if basis == other.basis and basis in ("int", "str", "bool"):
            return f"{guard}{text} {symbol} {other.text}"
        return f"{guard}{as_text(text, basis)} {symbol} {as_text(other.text, other.basis)}"
    if basis == other.basis == "int":
        return f"{guard}{text} {symbol} {other.text}"
    return f"{guard}number({text}) {symbol} number({other.text})"
