"""What is built can be installed anywhere and used from any folder, without the checkout."""

import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile

import pytest

from civic import paths
from tests.commands.test_running import environment, free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    build.append(str(paths.ROOT))
    built = subprocess.run(build, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel beside the dependencies of this environment, and out of sight of the checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    site = home / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Only the packages there are seen, not that environment's own link to the checkout.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin" / "python"


def test_everything_the_house_needs_is_inside(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("templates", "static", "migrations"):
        files = [file for file in (paths.ROOT / folder).rglob("*") if file.is_file()]
        expected = {
            f"civic/_bundle/{file.relative_to(paths.ROOT).as_posix()}"
            for file in files
            if "__pycache__" not in file.parts
        }
        assert expected <= names, folder
    assert {
        f"civic/{file.relative_to(paths.PACKAGE).as_posix()}" for file in paths.PACKAGE.rglob("*.po")
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "scripts/")) or name.endswith(".pyc")]


def test_it_serves_from_an_empty_folder(installed, tmp_path):
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(installed), *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        )

    root = run("-c", "from civic import paths; print(paths.ROOT)")
    assert root.stdout.strip().endswith("civic/_bundle"), root.stderr
    migrated = run("-m", "civic", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert run("-m", "civic", "check").returncode == 0

    port = free_port()
    command = [str(installed), "-m", "civic", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE)
    try:
        assert server.stderr is not None
        while b"running on" not in server.stderr.readline():
            assert server.poll() is None
        for path in ("/healthz", "/readyz", "/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status == 200
    finally:
        server.terminate()
        server.communicate(timeout=30)
