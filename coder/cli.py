"""The command line: finds a command's module when it is called, runs it, and turns faults into messages.

To add a command, write ``coder/commands/<name>.py`` with a docstring and an ``app`` (a ``typer.Typer`` with
one command, or with several for a group), import whatever is heavy inside its functions, and add the name to
``COMMANDS``. A test holds every command and option to have a help text and to stand in ``docs/cli.md``.
"""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from coder.errors import UserError

COMMANDS = (
    *("build", "merge", "code", "validate"),
    *("describe", "export", "report", "diff", "score"),
    *("codebook", "rules"),
)


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = get_command(import_module(f"coder.commands.{cmd_name}").app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from coder.dataset.manifest import package_version

        typer.echo(f"coder {package_version()}")
        raise typer.Exit


@app.callback()
def coder(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and end."
    ),
) -> None:
    """Code Arabic and English news articles into a conflict-event dataset, with evidence for every value."""


def _expected() -> tuple[type[Exception], ...]:
    """The errors whose message says what to do; a class that was never imported was never raised."""
    names = (("coder.knowledge.rules", "DataError"), ("coder.reading.role_rules", "RoleRuleError"))
    loaded: list[Any] = [getattr(sys.modules[m], name, None) for m, name in names if m in sys.modules]
    return (UserError, *(error for error in loaded if error is not None))


def main() -> None:
    """Run the command line. Exit codes: 0 good, 1 the data are at fault, 2 the call is at fault."""
    try:
        app(prog_name="coder")
    except OSError as error:
        typer.echo(
            f"error: {error.filename or 'files'}: {error.strerror}; free space or name another folder",
            err=True,
        )
        sys.exit(2)
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
