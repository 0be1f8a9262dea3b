"""What the import contracts do not say: no circles, no back end by its name, no coroutines."""

import ast

from tests.architecture.repository import SOURCE, imports, modules, tree

from shortlist.storage import bundles, facts

MODULES = {
    ".".join(each.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): each
    for each in modules()
}
"""Every module of the product by its name."""


def imported_by(name: str) -> set[str]:
    """The modules of the product that a module imports, at its top or inside a function."""
    wanted = {
        each
        for node in ast.walk(tree(MODULES[name]))
        for each in _named(node)
        if each.partition(".")[0] == "shortlist"
    }
    found = {each if each in MODULES else each.rpartition(".")[0] for each in wanted}
    return (found & set(MODULES)) - {name}


def _named(node: ast.AST) -> list[str]:
    """What an import names; `from a import b` may mean the module a.b or a name in a."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{each.name}" for each in node.names]
    return []


def test_no_module_imports_itself_by_a_detour() -> None:
    left = {name: imported_by(name) for name in MODULES}
    while free := {name for name, wanted in left.items() if not wanted & set(left)}:
        left = {name: wanted for name, wanted in left.items() if name not in free}

    assert sorted(left) == []


def test_imports_are_seen_where_they_are() -> None:
    assert "shortlist.retrieval.ease" in imported_by("shortlist.retrieval")
    assert "shortlist.storage.facts.frames" in imported_by("shortlist.datasets.load")


def test_a_back_end_is_opened_by_its_url_and_never_by_its_name() -> None:
    registered = [*facts.BACK_ENDS.values(), *bundles.BACK_ENDS.values()]
    back_ends = {each.partition(":")[0] for each in registered}

    by_name = {name: imported_by(name) & back_ends for name in MODULES}

    assert {name: found for name, found in by_name.items() if found} == {}


def test_nothing_is_a_coroutine_but_where_a_server_hands_requests_over() -> None:
    coroutines = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)

    found = {
        name
        for name, file in MODULES.items()
        if any(isinstance(node, coroutines) for node in ast.walk(tree(file)))
        or "asyncio" in imports(file)
    }

    assert found == {
        "shortlist.api.app",
        "shortlist.api.security",
        "shortlist.http.gate",
        "shortlist.http.turnstile",
        "shortlist.server.application",
        "shortlist.web.headers",
    }
