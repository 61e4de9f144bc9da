"""A TOML file of settings, which stand below flags and environment."""

import json
import tomllib
from pathlib import Path

import click

from segel.apps.failures import WrongSetting


def read(context: click.Context, parameter: click.Parameter, file: Path | None) -> None:
    """click's callback of `--config`: the file becomes the command's default map."""
    if file is not None:
        context.default_map = _defaults(context, context.command, file)


def read_shared(context: click.Context, parameter: click.Parameter, file: Path | None) -> None:
    """The same for a command that takes what it has of the file of `segel serve`."""
    program = context.find_root().command
    serve = program.get_command(context, "serve") if isinstance(program, click.Group) else None
    if file is not None and serve is not None:
        own = {each.name for each in context.command.params}
        found = _defaults(context, serve, file)
        context.default_map = {name: value for name, value in found.items() if name in own}


def _defaults(context: click.Context, command: click.Command, file: Path) -> dict[str, object]:
    """What the file says, by the command's settings. Raises WrongSetting."""
    options = {each.name: each for each in command.params if each.name != "config"}
    defaults: dict[str, object] = {}
    for key, value in _parsed(file).items():
        option = options.get(key.replace("-", "_"))
        if option is None or option.name is None:
            known = ", ".join(sorted(name for name in options if name))
            raise WrongSetting(f"{file}: there is no setting {key}. There are: {known}.")
        try:
            defaults[option.name] = _checked(context, option, value)
        except click.BadParameter as error:
            raise WrongSetting(f"{file}: {key}: {error.message}") from None
    return defaults


def _parsed(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongSetting(f"{file} is not TOML: {error}.") from None


def _checked(context: click.Context, option: click.Parameter, value: object) -> object:
    """The value as click takes it. Raises BadParameter."""
    kind = int if isinstance(option.type, click.IntRange) else str
    several = option.multiple and isinstance(value, list)
    values = value if several and isinstance(value, list) else [value]
    # By type, not isinstance: a TOML true is no 1.
    if any(type(each) is not kind for each in values):
        given = json.dumps(value, default=str, ensure_ascii=False)
        raise click.BadParameter(f"{given} should be {_expected(option)}.")
    checked = values if option.multiple else values[0]
    option.type_cast_value(context, checked)
    return checked


def _expected(option: click.Parameter) -> str:
    if isinstance(option.type, click.IntRange):
        return f"a whole number from {option.type.min} to {option.type.max}"
    if isinstance(option.type, click.Choice):
        return "one of " + ", ".join(f'"{each}"' for each in option.type.choices)
    return 'text in "quotes", or a list of such' if option.multiple else 'text in "quotes"'
