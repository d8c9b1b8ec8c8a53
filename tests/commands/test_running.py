"""The commands that run the house, as an operator types them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from urllib.error import URLError

import pytest

CIVIC = [sys.executable, "-m", "civic"]


def environment(**changed: str) -> dict[str, str]:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("CIVIC_", "PYTHONPATH"))
    }
    return {**plain, **changed}


def civic(folder, *words: str, told: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CIVIC, *words],
        cwd=folder,
        env=environment(**changed),
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def served(folder, *words: str, **changed: str):
    """Serve from a folder, and wait until it answers."""
    port = free_port()
    command = [*CIVIC, "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, cwd=folder, env=environment(**changed), stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                    answer.read()
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, process.communicate()[1].decode()
                time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_an_empty_folder_becomes_an_instance(tmp_path):
    first, again = civic(tmp_path, "migrate", "--json"), civic(tmp_path, "migrate")
    assert json.loads(first.stdout.splitlines()[-1])["applied"][0] == "0001_initial"
    assert (again.returncode, again.stdout) == (0, "The database is up to date.\n")
    checked = civic(tmp_path, "check", "--json")
    assert (checked.returncode, json.loads(checked.stdout)["ok"]) == (0, True)
    worked = civic(tmp_path, "work", "--once", "--json")
    assert json.loads(worked.stdout.splitlines()[-1])["ok"] is True


@pytest.mark.slow
def test_pages_are_served_and_the_server_stops_when_told(tmp_path):
    civic(tmp_path, "migrate")
    with served(tmp_path) as (port, process):
        for path, said in {"/healthz": b"ok\n", "/readyz": b"ready\n"}.items():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.read() == said
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)


@pytest.mark.slow
def test_work_runs_beside_the_server_and_stops_when_told(tmp_path):
    civic(tmp_path, "migrate")
    with served(tmp_path):
        worker = subprocess.Popen([*CIVIC, "work"], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE)
        assert worker.stderr is not None
        while b"working" not in worker.stderr.readline():
            assert worker.poll() is None
        time.sleep(1)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=20)
        assert worker.returncode == 0
        assert b"trace" not in said, said.decode()


def test_serving_before_migrating_is_refused_in_words(tmp_path):
    refused = civic(tmp_path, "serve")
    assert refused.returncode == 1
    assert "run `civic migrate` first" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CIVIC_PUBLIC_URL": "https://example.town"}, "CIVIC_SECRET_KEY"),
        ({"CIVIC_WORKERS": "2"}, "SQLite takes one worker"),
        ({"CIVIC_DATABASE_URL": "sqlite://civic.db"}, "CIVIC_DATABASE_URL"),
        ({"CIVIC_DATABASE_URL": "postgres://civic@db:five/civic"}, "CIVIC_DATABASE_URL"),
        ({"CIVIC_PUBLIC_URL": "https://[::1"}, "CIVIC_PUBLIC_URL"),
        ({"CIVIC_TIMEZONE": "Mars/Base"}, "CIVIC_TIMEZONE"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_wrong_configuration_is_refused_in_words(tmp_path, command, changed, said):
    refused = civic(tmp_path, command, **changed)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_cannot_be_is_refused_at_once(tmp_path, command):
    refused = civic(tmp_path, command, "--port", "99999")
    assert refused.returncode == 2
    assert "--port" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_database_is_named_not_traced(tmp_path):
    nowhere = {"CIVIC_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    for command in ("migrate", "check", "serve", "work"):
        refused = civic(tmp_path, command, **nowhere)
        assert refused.returncode == 1, command
        assert "Traceback" not in refused.stderr, command


def test_a_broken_record_is_found(tmp_path):
    import sqlite3

    civic(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "civic.db") as file:
        file.execute(
            "INSERT INTO ledger_staged (leaf, hash, type, object, staged_at)"
            " VALUES (x'7b7d', 'wrong', 'proposal.created', 'x', '2026-11-22 08:00:00+00:00')"
        )
    file.close()
    found = civic(tmp_path, "check")
    assert found.returncode == 1
    assert "✗ ledger" in found.stdout


@pytest.mark.parametrize("command", ["migrate", "check", "serve", "work"])
def test_each_command_explains_itself(tmp_path, command):
    helped = civic(tmp_path, command, "--help")
    assert helped.returncode == 0
    assert "Usage" in helped.stdout
