"""Static files have names that change with them, and are kept for a year."""

from __future__ import annotations

import gzip
import re

import pytest

from civic.foundation import assets


async def test_a_static_file_is_kept_for_ever_under_its_hashed_name(house):
    answer = await house.get(assets.asset("civic.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert "set-cookie" not in answer.headers


async def test_a_browser_without_gzip_gets_the_same_bytes(house):
    answer = await house.get(assets.asset("civic.css"), headers={"Accept-Encoding": "identity"})
    found = assets.current().files[assets.current().names["civic.css"]]
    assert answer.content == found.body
    assert gzip.decompress(found.packed) == found.body
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "name", ["civic.css", "civic.0000000000000000.css", "nothing.js", "../civic/app.py", "", "%2e%2e/x"]
)
async def test_another_name_is_not_found(house, name):
    assert (await house.get(f"/static/{name}")).status_code == 404


async def test_static_files_are_only_read(house):
    assert (await house.post(assets.asset("civic.css"))).status_code == 405
    assert (await house.head(assets.asset("civic.css"))).status_code == 200


async def test_scripts_and_fonts_have_their_types(house):
    for name, kind in (("civic.js", "text/javascript; charset=utf-8"), ("vendor/icons.svg", "image/svg+xml")):
        assert (await house.get(assets.asset(name))).headers["content-type"] == kind


def test_style_sheets_point_at_files_that_exist():
    held = assets.current()
    for name, found in held.files.items():
        if name.endswith(".css"):
            for target in re.findall(r"url\(\"?/static/([^\")#]+)", found.body.decode()):
                assert target in held.files, (name, target)


def test_the_names_change_with_the_files(tmp_path):
    (tmp_path / "a.css").write_text("@font-face { src: url('f/x.woff2') } b { background: url(data:,x) }")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "x.woff2").write_bytes(b"one")
    before = assets.load(tmp_path)
    (tmp_path / "f" / "x.woff2").write_bytes(b"two")
    after = assets.load(tmp_path)
    assert before.names["a.css"] != after.names["a.css"], "a sheet changes with the font it points at"
    body = after.files[after.names["a.css"]].body.decode()
    assert after.names["f/x.woff2"] in body
    assert "url(data:,x)" in body


def test_an_asset_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(KeyError):
        assets.asset("nothing.css")
