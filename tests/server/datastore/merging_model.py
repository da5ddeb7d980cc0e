"""A reference for merging: plain dicts, compared whole, by the rules of the draft.

``tree_of`` makes a dict of a configuration of ``STATEMENTS``; ``merge`` merges three of them and
tells the nodes in conflict. The order of ``rank`` is left out: ``ranks`` tells it.
"""

from typing import Any

STATEMENTS = """
  container top {
    leaf plain { type string; }
    leaf-list member { type string; }
    leaf-list step { type string; ordered-by user; }
    container around { leaf inside { type string; } }
    container there { presence "matters"; leaf inside { type string; } }
    choice way {
      case left { leaf left { type string; } leaf left-more { type string; } }
      case right { container right { leaf inside { type string; } } }
    }
    list item {
      key name;
      leaf name { type string; }
      leaf one { type string; }
      leaf two { type string; }
      list part { key name; leaf name { type string; } leaf one { type string; } }
    }
    list rank {
      key name; ordered-by user;
      leaf name { type string; }
      leaf one { type string; }
    }
  }
"""
Tree = dict[str, Any]
CHOICE = ("left", "left_more", "right")
PRESENCE = ("there",)


def tree_of(root: Any) -> Tree:
    return _dict_of(root.top)


def ranks(root: Any) -> list[str]:
    return [key[0] for key in root.top.rank]


def _dict_of(value: Any) -> Tree:
    return {name: _plain(each) for name, each in value._asdict().items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return _dict_of(value)
    if hasattr(value, "changes"):
        return {key[0]: _dict_of(entry) for key, entry in value.items()}
    return value


def merge(base: Tree, ours: Tree, theirs: Tree, prefers_ours: bool) -> tuple[Tree, set[str]]:
    """Return the merged tree, and the paths of the nodes in conflict."""
    found: set[str] = set()
    made = _inner(base, ours, theirs, prefers_ours, "", found)
    if _has_left(made) and _has_right(made):
        found.add("/way")
        made |= {name: (ours if prefers_ours else theirs)[name] for name in CHOICE}
    return made, found


def _has_left(tree: Tree) -> bool:
    return tree["left"] is not None or tree["left_more"] is not None


def _has_right(tree: Tree) -> bool:
    return tree["right"]["inside"] is not None


def _inner(
    base: Tree, ours: Tree, theirs: Tree, prefers_ours: bool, path: str, found: set[str]
) -> Tree:
    made: Tree = {}
    for name in base:
        below = f"{path}/{name}"
        values = base[name], ours[name], theirs[name]
        if name in ("item", "part", "rank"):
            keys = {key for each in values for key in each}
            entries = {}
            for key in keys:
                one, two, three = (each.get(key) for each in values)
                where = f"{below}/{key}"
                entries[key] = _instance(one, two, three, prefers_ours, where, found)
            made[name] = {key: entry for key, entry in entries.items() if entry is not None}
        else:
            made[name] = _instance(*values, prefers_ours, below, found)
    return made


def _instance(
    base: Any, ours: Any, theirs: Any, prefers_ours: bool, path: str, found: set[str]
) -> Any:
    if isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict):
        return _inner(base, ours, theirs, prefers_ours, path, found)
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    found.add(path)
    return ours if prefers_ours else theirs
