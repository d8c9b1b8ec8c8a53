"""The command `civic`: every group of commands under one roof."""

import importlib
import importlib.util

import click

from civic import settings
from civic.commands.console import failures_in_words

GROUPS = ("check", "demo", "grid", "migrate", "reseal", "serve", "user", "work")
"""Modules of civic/commands, each with its `commands`."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="civic", message="%(version)s")
def civic() -> None:
    """Civic: co-governance where every point is answered."""
    with failures_in_words():
        settings.current()


def main() -> None:
    """Run the command line."""
    civic()


for _name in GROUPS:
    if importlib.util.find_spec(f"civic.commands.{_name}"):
        for _command in importlib.import_module(f"civic.commands.{_name}").commands:
            civic.add_command(_command)
