"""What a name in a module stands for, as far as its imports tell."""

import ast
from collections.abc import Iterator


class Imports(ast.NodeVisitor):
    """The dotted origin of every name a module imports, wherever in it the import stands."""

    def __init__(self, tree: ast.Module) -> None:
        self.origins: dict[str, str] = {}
        self.visit(tree)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname is not None:
                self.origins[alias.asname] = alias.name
            else:
                top = alias.name.partition(".")[0]
                self.origins[top] = top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module is not None and not node.level:
            for alias in node.names:
                self.origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def dotted(self, node: ast.expr) -> str | None:
        """Return `package.module.name` for an imported name or an attribute of one."""
        match node:
            case ast.Name(id=name):
                return self.origins.get(name)
            case ast.Attribute(value=owner, attr=attribute):
                origin = self.dotted(owner)
                return None if origin is None else f"{origin}.{attribute}"
            case _:
                return None


def uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted origin) for every use of something imported."""
    imports = Imports(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            origin = imports.dotted(node)
            if origin is not None:
                yield node.lineno, origin
