"""Puts a fault into modules that are already imported."""

import ast
import gc
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from tests.mutants.operators import Mutant

ROOT = Path(__file__).parents[2]


class Patcher:
    """Knows the functions of the portal in this process, and changes what they do."""

    def __init__(self) -> None:
        self.functions: defaultdict[str, list[FunctionType]] = defaultdict(list)
        for found in gc.get_objects():
            if type(found) is FunctionType:
                self.functions[found.__code__.co_filename].append(found)

    def put(self, mutant: Mutant) -> None:
        """Change this process as if the fault had stood in the file. Raises LookupError where it cannot."""
        file = str(ROOT / mutant.file)
        source = (ROOT / mutant.file).read_bytes()
        changed = mutant.applied(source)
        module = sys.modules[mutant.file.removesuffix(".py").replace("/", ".")]
        if mutant.everywhere:
            _run_statement(module, changed, mutant.line)
        elif not self._put_code(file, source, changed):
            statement = _statement(changed, mutant.line)
            if not isinstance(statement, ast.FunctionDef):
                raise LookupError(f"nothing differs with {mutant}")
            _put_defaults(module, statement)

    def _put_code(self, file: str, source: bytes, changed: bytes) -> bool:
        before, after = (
            {(code.co_qualname, code.co_firstlineno): code for code in _codes(text, file)}
            for text in (source, changed)
        )
        differing = {name for name, code in after.items() if before.get(name) != code}
        put = False
        for function in self.functions[file]:
            name = (function.__code__.co_qualname, function.__code__.co_firstlineno)
            if name in differing:
                function.__code__ = after[name]
                put = True
        return put


def _put_defaults(module: ModuleType, statement: ast.FunctionDef) -> None:
    """Give a function of a module the defaults that its statement has now."""
    alone = deepcopy(statement)
    alone.decorator_list = []
    names = dict(vars(module))
    exec(compile(ast.Module([alone], []), str(module.__file__), "exec"), names)
    made, function = names[statement.name], inspect.unwrap(vars(module)[statement.name])
    function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


def _names_in_defaults(function: ast.FunctionDef) -> set[str]:
    given = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
    return {one.id for part in given for one in ast.walk(part) if isinstance(one, ast.Name)}


def _codes(source: bytes, file: str) -> Iterator[CodeType]:
    """Every code object of a file, however deep."""
    left = [compile(source, file, "exec")]
    while left:
        code = left.pop()
        yield code
        left += [part for part in code.co_consts if isinstance(part, CodeType)]


def _run_statement(module: ModuleType, source: bytes, line: int) -> None:
    """Run a changed assignment of a module again, with those after it that build on it, and give what they
    name to all who imported it."""
    parts = ast.parse(source).body
    at = next(at for at, part in enumerate(parts) if part.lineno <= line <= (part.end_lineno or 0))
    if not isinstance(parts[at], ast.Assign | ast.AnnAssign):
        raise LookupError("only assignments can be run again")
    before, changed = dict(vars(module)), set[str]()
    for part in parts[at:]:
        names = {one.id for one in ast.walk(part) if isinstance(one, ast.Name)}
        if not isinstance(part, ast.Assign | ast.AnnAssign):
            continue
        if part is parts[at] or names & changed:
            exec(compile(ast.Module([part], []), str(module.__file__), "exec"), vars(module))
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            changed |= {one.id for one in targets if isinstance(one, ast.Name)}
    for part in parts:
        if isinstance(part, ast.FunctionDef) and changed & _names_in_defaults(part):
            _put_defaults(module, part)
    for name in changed:
        for other in list(sys.modules.values()):
            if before.get(name) is not None and vars(other).get(name) is before[name]:
                setattr(other, name, vars(module)[name])


def _statement(source: bytes, line: int) -> ast.stmt:
    """The outermost statement that a line is part of."""
    return next(
        part
        for part in ast.parse(source).body
        if part.lineno <= line <= (part.end_lineno or part.lineno)
    )
