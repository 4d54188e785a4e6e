"""The `tacho` command: finds the module of a command, runs it, and reports errors in one line."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tachograph.errors import TachographError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, str] = {
    "run": "tachograph.cli.run",
    "list": "tachograph.cli.list_runs",
    "show": "tachograph.cli.show",
    "push": "tachograph.cli.push",
    "redact": "tachograph.cli.redact",
    "demo": "tachograph.cli.demo",
}
"""Each command and its module, imported when the command is used.

A module has one function ``command`` with typer annotations, whose docstring is the help; it returns an exit code or
None. It has ``EXAMPLE``, shown below its help, and may have ``CONTEXT_SETTINGS`` for the parser.
"""

_USAGE, _FAILURE, _INTERRUPTED = 2, 1, 130


def _no_type(ctx: Any) -> str:  # noqa: ARG001 - the parser's signature
    return ""


class _Group(TyperGroup):
    """The commands, loaded when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the parser's signature
        """The names, in the order they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the parser's signature
        """The command of a name, None if there is none."""
        home = COMMANDS.get(cmd_name)
        if home is None:
            return None
        module = importlib.import_module(home)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        example: str | None = getattr(module, "EXAMPLE", None)
        single.command(
            name=cmd_name,
            context_settings=getattr(module, "CONTEXT_SETTINGS", None),
            epilog=None if example is None else f"Example: {example}",
        )(module.command)
        loaded = typer.main.get_command(single)
        loaded.name = cmd_name
        for parameter in loaded.params:
            # Newer releases of typer add the Python type behind the name of an argument, as `COMMAND <list[str]>`.
            if parameter.param_type_name == "argument" and hasattr(parameter, "display_type_rich"):
                vars(parameter)["display_type_rich"] = _no_type
        return loaded

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name; the most similar one is suggested if there is none."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}?" if near else f"Commands: {', '.join(COMMANDS)}."
            raise UsageError(f'there is no command "{args[0]}". {hint}')
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: tacho run -- python agent.py, then: tacho show",
)


def _print_version(value: bool) -> None:
    if value:
        from tachograph._version import __version__

        print(f"tacho {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has printed it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Record a run of an LLM program or coding agent, and show what happened in it."""
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Parameters
    ----------
    arguments
        The words after `tacho`; None means those of the process.

    Returns
    -------
    int
        The exit code: 0, 1 after a failure, 2 for wrong usage, or that of the recorded command.
    """
    if os.name == "nt":
        return _print_error("Windows is not supported. Use Linux, macOS or the Windows Subsystem for Linux.", _FAILURE)
    try:
        result: object = app(
            args=None if arguments is None else list(arguments), prog_name="tacho", standalone_mode=False
        )
        # It is None if the caller closed it.
        if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison]
            sys.stdout.flush()
    except BrokenPipeError:
        _leave_output()
        return _FAILURE
    except TachographError as error:
        return _print_error(str(error), error.exit_code)
    except OSError as error:
        _leave_output()
        named = f"{error.filename}: " if error.filename else ""
        return _print_error(f"{named}{error.strerror or error}", _FAILURE)
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except Exception as error:
        # The parser's class of errors is not among typer's public names; its interface is.
        message: Any = getattr(error, "format_message", None)
        if message is None:
            raise
        return _print_error(_one_line(str(message())), getattr(error, "exit_code", _USAGE))
    return result if isinstance(result, int) else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _print_error(message: str, code: int) -> int:
    print(f"tacho: {message}", file=sys.stderr)
    return code


def _leave_output() -> None:
    # It is None if the caller closed it.
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]
        return
    # The interpreter flushes once more at exit and would complain again.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, sys.stdout.fileno())
    os.close(silent)
