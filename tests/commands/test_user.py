"""`civic user`, as an operator types it."""

from __future__ import annotations

import json
import shlex

import pytest

from civic import paths
from tests.commands.test_running import civic


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An installation in a folder."""
    path = tmp_path_factory.mktemp("town")
    assert civic(path, "migrate").returncode == 0
    return path


def said(answer):
    return json.loads(answer.stdout.splitlines()[-1])


def test_the_first_administrator_gets_a_one_use_link(folder):
    command = ("user", "create", "nina@town.example", "--name", "Nina Caron", "--role", "administrator")
    answer = civic(folder, *command)
    assert answer.returncode == 0, answer.stderr
    assert "http://127.0.0.1:8000/links/" in answer.stdout
    again = civic(folder, *command)
    assert again.returncode == 1
    assert "has an account already" in again.stderr


def test_what_is_not_given_is_asked_for(tmp_path):
    civic(tmp_path, "migrate")
    told = "you@town.example\nYour Name\n"
    answer = civic(tmp_path, "user", "create", "--role", "administrator", "--json", told=told)
    assert answer.returncode == 0, answer.stderr
    assert (said(answer)["address"], said(answer)["name"]) == ("you@town.example", "Your Name")
    assert "E-mail address" in answer.stderr
    alone = civic(tmp_path, "user", "create", "--role", "administrator")
    assert alone.returncode == 1
    assert "Traceback" not in alone.stderr


def test_the_readme_says_how_to_begin(tmp_path):
    """The line of the README is run as it stands there."""
    civic(tmp_path, "migrate")
    lines = (paths.ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = (one for one in lines if one.startswith("civic user create"))
    answer = civic(tmp_path, *shlex.split(line, comments=True)[1:])
    assert answer.returncode == 0, answer.stderr
    assert "/links/" in answer.stdout


def test_it_speaks_to_machines(folder):
    answer = civic(folder, "user", "create", "bo@town.example", "--name", "Bo", "--language", "en", "--json")
    facts = said(answer)
    assert facts["ok"] is True
    assert facts["address"] == "bo@town.example"
    assert len(facts["id"]) == 26
    failed = civic(folder, "user", "token", "nobody@town.example", "--json")
    assert failed.returncode == 1
    assert said(failed)["ok"] is False


def test_a_role_is_given_taken_and_never_twice(folder):
    civic(folder, "user", "create", "otto@town.example", "--name", "Otto Lambert")
    grant = ("user", "grant", "Otto@town.example", "--role", "official", "--reason", "joins the service")
    assert civic(folder, *grant).returncode == 0
    assert civic(folder, *grant).returncode == 1
    revoke = ("user", "revoke", "otto@town.example", "--role", "official", "--reason", "leaves it")
    assert civic(folder, *revoke).returncode == 0
    refused = civic(folder, *revoke)
    assert refused.returncode == 1
    assert "does not hold" in refused.stderr


def test_the_last_administrator_stays(folder):
    civic(folder, "user", "create", "nina@town.example", "--name", "Nina Caron", "--role", "administrator")
    answer = civic(folder, "user", "revoke", "nina@town.example", "--role", "administrator", "--reason", "x")
    assert answer.returncode == 1
    assert "last administrator" in answer.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("create", "nowhere", "--name", "Zoe"), "address"),
        (("create", "zoe@town.example", "--name", "Z\u200boe"), "cannot be seen"),
        (("create", "zoe@town.example", "--name", "Zoe", "--process", "no-such"), "no process"),
        (("grant", "zoe@town.example", "--role", "moderator"), "address"),
        (("grant", "zoe@town.example", "--role", "king"), "king"),
        (("token", "zoe@town.example"), "address"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_a_status(folder, words, says):
    answer = civic(folder, "user", *words)
    assert answer.returncode != 0
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_administrator_is_one_everywhere(folder):
    civic(folder, "user", "create", "mira@town.example", "--name", "Mira")
    answer = civic(
        folder, "user", "grant", "mira@town.example", "--role", "administrator", "--process", "none"
    )
    assert answer.returncode == 1


@pytest.mark.parametrize("command", ["create", "grant", "revoke", "token"])
def test_each_command_explains_itself(folder, command):
    answer = civic(folder, "user", command, "--help")
    assert answer.returncode == 0
    assert "--json" in answer.stdout
